// SPDX-License-Identifier: LGPL-2.1-or-later
// Reads lines that may say anything: whatever is not as the protocol has it is an error, and nothing of it is believed.
#include "tools/view/live_message.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "mm/tlb_name.hpp"
#include "tools/error.hpp"
#include "tools/printable.hpp"

namespace tools::view {
namespace {

using nlohmann::json;

constexpr uint64_t most_entries = mm::max_tlb_entries;
constexpr unsigned hexadecimal = 16;

// Wrong with the line; parse_live_message() says whose it is.
struct Wrong {
    std::string what;
};

uint64_t number(const json& value, const char* name) {
    if (!value.is_number_unsigned()) throw Wrong{std::string{"'"} + name + "' is no whole number"};
    return value.get<uint64_t>();
}
uint64_t number_of(const json& object, const char* key) { return number(object.at(key), key); }
uint32_t word_of(const json& object, const char* key) { return static_cast<uint32_t>(number_of(object, key)); }
std::string text_of(const json& object, const char* key) { return printable(object.at(key).get<std::string>()); }
std::vector<std::string> texts_of(const json& object, const char* key) {
    std::vector<std::string> all;
    for (const json& each : object.at(key)) all.push_back(printable(each.get<std::string>()));
    return all;
}

mm::trace::State state_of(const json& registers) {
    mm::trace::State s;
    const uint64_t cr3 = number_of(registers, "cr3");
    s.control = {word_of(registers, "cr0"), static_cast<uint32_t>(cr3), word_of(registers, "cr4"), word_of(registers, "efer"), word_of(registers, "physical_bits")};
    s.cr3_high = static_cast<uint32_t>(cr3 >> 32);
    for (unsigned n = 0; n < 4; ++n) s.pdpte[n] = number(registers.at("pdpte").at(n), "pdpte");
    return s;
}

void take_cpu(LiveFrame& f, const json& cpus) {
    const json& cpu = cpus.at(f.shown.cpu);
    f.shown.instructions = number_of(cpu, "instructions");
    f.shown.registers = state_of(cpu.at("registers"));
    f.shown.spans = texts_of(cpu, "spans");
    if (const auto task = cpu.find("task"); task != cpu.end()) f.shown.task = text_of(*task, "name") + " (" + std::to_string(number_of(*task, "pid")) + ")";
}

void take_places(LiveFrame& f, const json& zones, const json& regions) {
    for (const json& z : zones) {
        const bool named = z.contains("start_pfn");
        f.shown.zones.push_back({text_of(z, "name"), named ? number_of(z, "start_pfn") : 0, named ? number_of(z, "end_pfn") : 0, number_of(z, "walks"), number_of(z, "fills"),
                                 number_of(z, "refills"), 0});
        f.zone_reads.push_back(number_of(z, "walk_reads"));
        const Zone& shown = f.shown.zones.back();
        if (named) f.zones.push_back({shown.name, shown.start_pfn, shown.end_pfn, number_of(z, "present_pages"), static_cast<unsigned>(number_of(z, "node"))});
    }
    for (const json& r : regions) {
        const bool named = r.contains("start");
        f.shown.regions.push_back({text_of(r, "name"), named ? number_of(r, "start") : 0, named ? number_of(r, "end") : 0, number_of(r, "walks"), number_of(r, "fills")});
        if (named) f.regions.push_back({f.shown.regions.back().name, f.shown.regions.back().start, f.shown.regions.back().end});
    }
}

void take_memory(MemoryHeat& heat, const json& memory) {
    heat.end_pfn = number_of(memory, "end_pfn"), heat.pages_per_bin = number_of(memory, "pages_per_bin");
    const json &walks = memory.at("walks"), &fills = memory.at("fills");
    const bool covered = heat.pages_per_bin != 0 && (heat.pages_per_bin & (heat.pages_per_bin - 1)) == 0 && walks.size() == fills.size() &&
                         walks.size() >= heat.end_pfn / heat.pages_per_bin;
    if (!covered && !walks.empty()) throw Wrong{"the bins of 'memory' do not cover it"};
    for (size_t n = 0; n < walks.size(); ++n) heat.bins.push_back({number(walks[n], "walks"), number(fills[n], "fills"), 0, 0});
}

void take_linear(LinearMap& map, const json& linear, uint64_t tick) {
    map.slot_shift = static_cast<unsigned>(number_of(linear, "slot_shift"));
    if (map.slot_shift != mm::directory_shift<mm::Classic> && map.slot_shift != mm::directory_shift<mm::Pae>) throw Wrong{"'slot_shift' is neither 22 nor 21"};
    const std::string directory = linear.at("directory").get<std::string>();
    if (directory.empty()) return;
    const json& walks = linear.at("walks");
    const size_t slots = size_t{1} << (32 - map.slot_shift);
    if (directory.size() != slots || (!walks.empty() && walks.size() != slots)) throw Wrong{"'linear' has not as many entries as a directory"};
    for (size_t n = 0; n < slots; ++n) {
        const unsigned bits = static_cast<unsigned>(std::stoul(directory.substr(n, 1), nullptr, hexadecimal));
        LinearSlot slot;
        slot.content = !(bits & 1) ? SlotContent::not_present : bits & 2 ? SlotContent::large_page : SlotContent::table;
        if (slot.content == SlotContent::large_page) slot.mapped = static_cast<uint16_t>(1u << (map.slot_shift - mm::page_shift));
        slot.user = bits & 4, slot.writable = bits & 8, slot.seen = tick;
        if (!walks.empty()) slot.walks = number(walks[n], "walks");
        map.slots.push_back(slot);
    }
}

// [set, way, page, frame, flags], or [set, way, page, directory entry].
TlbView tlb_of(const json& tlb, const std::string& name, bool directories) {
    TlbView view{name, static_cast<unsigned>(number_of(tlb, "sets")), static_cast<unsigned>(number_of(tlb, "ways")), {}};
    if (view.sets == 0 || view.ways == 0 || view.sets > most_entries || view.ways > most_entries || uint64_t{view.sets} * view.ways > most_entries)
        throw Wrong{"'" + name + "' has no sensible size"};
    view.entries.resize(size_t{view.sets} * view.ways);
    for (const json& e : tlb.at("entries")) {
        const uint64_t set = number(e.at(0), "set"), way = number(e.at(1), "way"), value = number(e.at(3), "frame"), flags = directories ? 0 : number(e.at(4), "flags");
        if (set >= view.sets || way >= view.ways) throw Wrong{"'" + name + "' has an entry beyond its size"};
        TlbEntryView& entry = view.entries[set * view.ways + way];
        entry.valid = true, entry.page = static_cast<uint32_t>(number(e.at(2), "page"));
        entry.frame = static_cast<uint32_t>(directories ? (value & 0x000000FFFFFFF000) >> mm::page_shift : value);
        entry.large = flags & 1, entry.global = flags & 2, entry.user = flags & 4, entry.writable = flags & 8, entry.fragment = flags & 16;
    }
    return view;
}

LiveFrame frame_of(const json& line) {
    LiveFrame f;
    Snapshot& s = f.shown;
    s.tick = number_of(line, "tick"), s.cpu = static_cast<unsigned>(number_of(line, "cpu"));
    s.guest = text_of(line, "guest"), s.split = text_of(line, "split"), s.paging = text_of(line, "paging"), s.profile = text_of(line, "profile");
    s.live = true, s.complete = false;
    f.last = line.at("last").get<bool>(), f.recording = line.at("recording").get<bool>(), f.counted_since = number_of(line, "counted_since");
    take_cpu(f, line.at("cpus"));
    take_places(f, line.at("zones"), line.at("regions"));
    take_memory(s.memory, line.at("memory"));
    take_linear(s.linear, line.at("linear"), s.tick);
    for (const json& tlb : line.at("tlbs")) s.tlbs.push_back(tlb_of(tlb, text_of(tlb, "name"), false));
    if (const auto cache = line.find("pde_cache"); cache != line.end()) s.tlbs.push_back(tlb_of(*cache, mm::pde_cache_name, true));
    s.tlbs_exact = true;
    for (const json& each : line.at("flushes")) s.flushes.push_back({text_of(each, "cause"), number_of(each, "flushes"), number_of(each, "dropping")});
    return f;
}

std::optional<uint64_t> tick_of(const json& object, const char* key) {
    return object.contains(key) ? std::optional{number_of(object, key)} : std::nullopt;
}

CachedTranslation cached_of(const json& cache) {
    CachedTranslation c;
    c.tlb = text_of(cache, "tlb"), c.set = word_of(cache, "set"), c.way = word_of(cache, "way");
    if (cache.contains("frame")) c.frame = mm::Pfn{word_of(cache, "frame")};
    c.when = CachedWhen::not_known;
    constexpr std::pair<const char*, CachedWhen> keys[] = {{"since", CachedWhen::at}, {"not_before", CachedWhen::not_before}, {"before", CachedWhen::before}};
    for (const auto& [key, when] : keys)
        if (const auto tick = tick_of(cache, key)) c.since = *tick, c.when = when;
    return c;
}

LiveWalk walk_of(const json& line) {
    LiveWalk w{number_of(line, "tick"), number_of(line, "linear"), word_of(line, "cpu"), state_of(line.at("registers")), {}, {}};
    for (const json& s : line.at("steps"))
        w.steps.push_back({mm::PhysAddr{number_of(s, "at")}, number_of(s, "value"), s.contains("in_register"), tick_of(s, "changed"), tick_of(s, "unchanged_since")});
    for (const json& c : line.at("cached")) w.cached.push_back(cached_of(c));
    return w;
}

LiveMessage message_of(const json& line) {
    const std::string type = line.at("type").get<std::string>();
    if (type == "hello")
        return LiveHello{number_of(line, "protocol"), number_of(line, "memory_mib"), number_of(line, "ips"), number_of(line, "cpus"), line.at("directory").get<std::string>(),
                         texts_of(line, "profiles"), texts_of(line, "geometries")};
    if (type == "snapshot") return frame_of(line);
    if (type == "inspection") return walk_of(line);
    if (type == "end") return LiveEnd{text_of(line, "reason")};
    if (type == "error") return LiveComplaint{text_of(line, "message")};
    return std::monostate{};
}

}  // namespace

LiveMessage parse_live_message(const std::string& line, const std::string& subject) {
    const auto wrong = [&](const std::string& what) -> InputError { return {subject, "says what is not the live protocol: " + what}; };
    const json parsed = json::parse(line, nullptr, false);
    if (!parsed.is_object()) throw wrong("'" + printable(line.substr(0, 40)) + "' is no JSON object");
    try {
        return message_of(parsed);
    } catch (const Wrong& e) {
        throw wrong(e.what);
    } catch (const std::exception& e) {  // of the JSON library, and std::stoul's
        throw wrong(printable(e.what()));
    }
}

}  // namespace tools::view
