// SPDX-License-Identifier: LGPL-2.1-or-later
// Commands of the debugger's user.
#include "debug_console.h"

#include "cpu_state.h"

namespace plugin {

using namespace mm;
using Verb = DebugCommand::Verb;

DebugConsole::DebugConsole(Session& session, Host host)
    : session_{session}, host_{std::move(host)}, breaks_{session, host_.names, host_.stop}, counts_{session.info()}, spaces_{session.machine(0)},
      view_{session, host_.names} {
    session.listen(counts_), session.listen(spaces_), session.listen(breaks_), session.listen(*this);
}
DebugConsole::~DebugConsole() {
    session_.ignore(counts_), session_.ignore(spaces_), session_.ignore(breaks_), session_.ignore(*this);
}

void DebugConsole::print(const Lines& lines) const {
    for (const std::string& line : lines) host_.print(line);
}

void DebugConsole::used_stale(const CpuState&, const trace::Stale& e) {
    if (sites_.size() < most_sites) sites_.push_back(e);
}

void DebugConsole::stop(const std::string& why) {
    reasons_.push_back(why);
    host_.stop();
}

void DebugConsole::at_prompt() {
    for (const std::string& line : breaks_.take_met()) say(line);
    for (const std::string& line : reasons_) say(line);
    reasons_.clear();
}

std::vector<trace::State> DebugConsole::registers() const {
    std::vector<trace::State> all;
    for (unsigned n = 0; n < session_.cpus(); ++n) all.push_back(host_.registers(n));
    return all;
}

std::optional<unsigned> DebugConsole::profile(const std::string& name) const {
    const auto& all = session_.info().profiles;
    if (name.empty()) return 0;
    for (unsigned n = 0; n < all.size(); ++n)
        if (all[n] == name) return n;
    return std::nullopt;
}

bool DebugConsole::known_profile(const DebugCommand& c) const {
    if (profile(c.profile)) return true;
    std::string names;
    for (const std::string& each : session_.info().profiles) names += (names.empty() ? "" : ", ") + each;
    say("'" + c.profile + "' is not modelled in this recording; it has " + names);
    return false;
}

void DebugConsole::obey(const std::string& line) {
    const ParsedCommand parsed = parse_debug_command(line, host_.names.find);
    if (!parsed.error.empty()) return say(parsed.error);
    if (!known_profile(parsed.command)) return;
    breaks_.heed(false);
    do_command(parsed.command);
    breaks_.heed(true);
}

void DebugConsole::do_command(const DebugCommand& c) {
    switch (c.verb) {
    case Verb::help:
        host_.print("commands of the recording, as `zs COMMAND` or `instrument \"COMMAND\"`:");
        return print(debug_help());
    case Verb::tlb: return print(view_.tlbs(0, *profile(c.profile)));
    case Verb::walk: return walk(c.from);
    case Verb::zones: return print(view_.zones(counts_));
    case Verb::regions: return print(view_.regions(counts_));
    case Verb::who: return print(view_.who(Pfn{static_cast<uint32_t>(c.from)}, spaces_.known(registers()), session_.machine(0)));
    case Verb::stale: return print(view_.stale(sites_));
    case Verb::spans: return print(view_.spans());
    case Verb::trace: return trace(c.on);
    case Verb::list_breaks: return list_breaks();
    case Verb::delete_break:
        if (!breaks_.remove(c.number)) say("there is no break " + std::to_string(c.number) + "; `zs breaks` lists them");
        return;
    default: return add_break(c);
    }
}

void DebugConsole::walk(uint64_t linear) const {
    const trace::State registers = host_.registers(0);
    if (linear > UINT32_MAX && registers.control.mode() != PagingMode::long_mode) return say(hex(linear) + " is no address here: only in long mode are they longer than 32 bits");
    print(view_.walk(0, registers, linear, host_.position(0).user));
}

void DebugConsole::add_break(const DebugCommand& c) {
    const RunInfo& info = session_.info();
    if (c.verb == Verb::break_walk && !info.zones.empty() && !info.zones_given && !DebugBreaks::names_zone(info, c.zone))
        say("the guest has no zone '" + c.zone + "'; `zs zones` lists them");
    if (c.verb == Verb::break_stale && info.stale.mode == "off") say("missing flushes are not searched for (stale=off): it will not be met");
    if (session_.suspended()) say("nothing is recorded now, so no break is met before `zs trace on`");
    say("break " + std::to_string(breaks_.add(c)) + ": " + words_of_break(c));
}

void DebugConsole::list_breaks() const {
    if (breaks_.all().empty()) return say("there are no breaks");
    std::vector<std::vector<std::string>> rows{{"number ", "met ", "break"}};
    for (const DebugBreaks::Break& b : breaks_.all()) rows.push_back({std::to_string(b.number), grouped(b.met), words_of_break(b.what)});
    print(aligned(rows));
}

void DebugConsole::trace(std::optional<bool> on) {
    if (session_.ended()) return say("the recording has ended: " + std::string{name(session_.info().reason)});
    if (!session_.suspended() && !session_.recording()) return say("the recording has not begun: it waits for " + describe(session_.wanted()));
    if (on && *on == session_.suspended()) {
        if (*on) {
            host_.forget();
            session_.go_on(registers());
        } else {
            std::vector<Position> at;
            for (unsigned n = 0; n < session_.cpus(); ++n) at.push_back(host_.position(n));
            session_.suspend(at);
        }
    }
    say(session_.suspended() ? "trace off: nothing is recorded until `zs trace on`; the TLBs are empty" : "trace on: events are recorded");
}

}  // namespace plugin
