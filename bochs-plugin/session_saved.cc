// SPDX-License-Identifier: LGPL-2.1-or-later
// What the guest has said by the time the machine is saved, and a recording that resumes it must know: a line each, a name last.
#include <sstream>

#include "session.h"

namespace plugin {

using namespace mm;

namespace {

// Names are the guest's, which may have anything in them.
std::string one_line(std::string text) {
    for (char& c : text)
        if (static_cast<unsigned char>(c) < ' ') c = '?';
    return text;
}

}  // namespace

std::string Session::published(const std::string& emulator) const {
    std::ostringstream out;
    out << "emulator " << emulator << "\nat " << info_.until.instructions << ' ' << info_.until.ticks << ' ' << one_line(info_.until.mark) << '\n';
    if (!info_.guest.empty()) out << "guest " << one_line(info_.guest) << '\n';
    for (const RunInfo::Zone& z : info_.zones_given ? std::vector<RunInfo::Zone>{} : info_.zones) out << "zone " << z.node << ' ' << z.start_pfn << ' ' << z.end_pfn << ' ' << z.present_pages << ' ' << one_line(z.name) << '\n';
    for (const RunInfo::Region& r : info_.regions) out << "region " << r.start << ' ' << r.end << ' ' << one_line(r.name) << '\n';
    for (const RunInfo::Span& s : info_.spans) out << "span " << s.id << ' ' << one_line(s.name) << '\n';
    if (!info_.symbols.empty()) out << "symbols " << one_line(info_.symbols) << '\n';
    out << "result " << info_.guest_failures << "\nflush_reason " << static_cast<unsigned>(cpus_[0]->state->flush_reason()) << '\n';
    for (const auto& [frame, when] : stale_.tables.freed_frames()) out << "freed " << frame << ' ' << when.ip << ' ' << when.ticks << '\n';
    for (const OpenSpan& s : cpus_[0]->open_spans) out << "open " << s.id << ' ' << (s.is_mark && &s == &cpus_[0]->open_spans.back()) << '\n';
    for (const uint32_t word : cpus_[0]->protocol.arguments()) out << "argument " << word << '\n';
    return out.str();
}

std::string Session::resume(const std::string& published, const std::string& emulator) {
    std::istringstream lines{published};
    std::string needed;
    const bool starts_here = options_.record && !options_.start;
    for (std::string line, key; std::getline(lines, line);) {
        std::istringstream in{line};
        const auto rest = [&in] {
            std::string text;
            if (!in.eof()) std::getline(in, text);
            return text.substr(text.empty() ? 0 : 1);
        };
        in >> key;
        if (key == "hpet") continue;  // the machine's
        if (key == "emulator") needed = rest();
        else if (key == "guest") info_.guest = rest();
        else if (key == "symbols") info_.symbols = rest();
        else if (key == "result") in >> info_.guest_failures;
        else if (key == "at") {
            RunInfo::Mark at;
            in >> at.instructions >> at.ticks, at.mark = rest(), at.met = true;
            if (starts_here) info_.start = at;
        } else if (key == "zone") {
            RunInfo::Zone z{};
            in >> z.node >> z.start_pfn >> z.end_pfn >> z.present_pages, z.name = rest();
            publish_zones({std::move(z)});
        } else if (key == "region") {
            RunInfo::Region r{};
            in >> r.start >> r.end, r.name = rest();
            info_.regions.push_back(r);
        } else if (key == "span") {
            RunInfo::Span s{};
            in >> s.id, s.name = rest();
            info_.spans.push_back(s);
        } else if (key == "freed") {
            uint32_t frame = 0;
            TableWatch::Freed when;
            in >> frame >> when.ip >> when.ticks;
            stale_.tables.publish_freed(Pfn{frame}, when);
        } else if (key == "open") {
            OpenSpan s{};
            in >> s.id >> s.is_mark;
            s.is_mark = s.is_mark && !options_.start;
            cpus_[0]->open_spans.push_back(s);
        } else if (unsigned number = 0; in >> number, key == "flush_reason") {
            for (const auto& each : cpus_) each->state->set_flush_reason(static_cast<protocol::FlushReason>(number));
        } else if (key == "argument") {
            (void)cpus_[0]->protocol.write(protocol::argument_port, 4, number);
        }
        if (!in) return "'published' is damaged at '" + line + "'; save the boot again";
    }
    if (needed != emulator) return "was saved by " + (needed.empty() ? "nobody knows what" : needed) + ", but this is " + emulator + "; save the boot again";
    if (starts_here) due_ = Due::start;
    return {};
}

}  // namespace plugin
