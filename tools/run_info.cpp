// SPDX-License-Identifier: LGPL-2.1-or-later
// Reads run.json, and says which key is wrong if one is.
#include "run_info.hpp"

#include <cstring>
#include <fstream>
#include <sstream>

#include <nlohmann/json.hpp>

#include "printable.hpp"
#include "trace_reader.hpp"

namespace tools {
namespace {

using nlohmann::json;

constexpr const char* reason_names[] = {"running", "shutdown", "instructions", "timeout", "triple-fault", "halt", "interrupted", "disk-full", "error", "stale", "panic", "mark"};

// Fetches values by key; a key that is absent keeps its default, one of another type is an error.
class Object final {
public:
    Object(const json& value, const std::string& subject, const std::string& path) : value_{value}, subject_{subject}, path_{path} {
        if (!value.is_object()) wrong("", "an object");
    }
    template <class T>
    void get(const char* key, T& into) const {
        const auto at = value_.find(key);
        if (at == value_.end() || at->is_null()) return;
        if constexpr (std::is_same_v<T, bool>) at->is_boolean() ? void(into = at->get<bool>()) : wrong(key, "true or false");
        else if constexpr (std::is_same_v<T, std::string>) at->is_string() ? void(into = printable(at->get<std::string>())) : wrong(key, "a string");
        else if constexpr (std::is_signed_v<T>) at->is_number_integer() ? void(into = at->get<T>()) : wrong(key, "a whole number");
        else at->is_number_unsigned() ? void(into = at->get<T>()) : wrong(key, "a whole number, not negative");
    }
    // Calls each(Object) for every element of the array at `key`.
    template <class Each>
    void list(const char* key, Each&& each) const {
        const auto at = value_.find(key);
        if (at == value_.end()) return;
        if (!at->is_array()) wrong(key, "an array");
        for (size_t i = 0; i < at->size(); ++i) each(Object{(*at)[i], subject_, path_ + key + "[" + std::to_string(i) + "]."});
    }
    void strings(const char* key, std::vector<std::string>& into) const {
        const auto at = value_.find(key);
        if (at == value_.end()) return;
        if (!at->is_array()) wrong(key, "an array of strings");
        for (const json& s : *at) s.is_string() ? into.push_back(printable(s.get<std::string>())) : wrong(key, "an array of strings");
    }
    [[noreturn]] void wrong(const std::string& key, const std::string& expected) const {
        throw InputError{subject_, "key '" + path_ + key + "' must be " + expected + "; the file is damaged, record again"};
    }

private:
    const json& value_;
    std::string subject_, path_;
};

FinalCounters final_counters(const Object& o) {
    FinalCounters f;
    o.get("cpu", f.cpu), o.get("instructions", f.instructions), o.get("idle_ticks", f.idle_ticks);
    o.get("cr3_writes", f.cr3_writes), o.get("invlpg", f.invlpg), o.get("page_faults", f.page_faults);
    o.get("walk_reads", f.walk_reads), o.get("walk_writes", f.walk_writes), o.get("pdpte_loads", f.pdpte_loads);
    o.get("fills_read", f.fills_read), o.get("fills_write", f.fills_write), o.get("fills_execute", f.fills_execute);
    o.list("models", [&](const Object& m) {
        FinalModel model;
        m.get("profile", model.profile), m.get("itlb_lookups", model.itlb_lookups), m.get("itlb_misses", model.itlb_misses);
        m.get("dtlb_lookups", model.dtlb_lookups), m.get("dtlb_misses", model.dtlb_misses), m.get("walks", model.walks);
        f.models.push_back(model);
    });
    return f;
}

EndReason reason_of(const std::string& text, const Object& object) {
    for (size_t i = 0; i < std::size(reason_names); ++i)
        if (text == reason_names[i]) return static_cast<EndReason>(i);
    object.wrong("reason", "one of running, shutdown, instructions, timeout, triple-fault, halt, interrupted, disk-full, error, stale, panic, mark");
}

std::optional<MarkInfo> mark_info(const json& document, const char* key, const std::string& subject) {
    if (!document.contains(key)) return std::nullopt;
    const Object o{document[key], subject, std::string{key} + "."};
    MarkInfo m;
    o.get("mark", m.mark), o.get("met", m.met), o.get("ticks", m.ticks), o.get("instructions", m.instructions);
    return m;
}

RunInfo run_of(const json& document, const std::string& subject) {
    const Object o{document, subject, ""};
    int schema = 0;
    o.get("schema", schema);
    if (schema != run_schema) throw InputError{subject, "schema " + std::to_string(schema) + ", but this zonescope reads schema 1; use the zonescope that recorded it"};
    RunInfo r;
    o.get("complete", r.complete), o.get("tasks", r.tasks), o.get("split", r.split), o.get("paging", r.paging), o.get("memory_mib", r.memory_mib);
    o.get("guest", r.guest), o.get("cpu_model", r.cpu_model), o.get("cpus", r.cpus), o.get("instructions", r.instructions);
    o.get("ticks", r.ticks), o.get("ips", r.ips), o.get("symbols", r.symbols), o.get("symbols_moved_by", r.symbols_moved_by);
    o.get("resumed_from", r.resumed_from), o.get("long_mode_instructions", r.long_mode_instructions);
    o.strings("profiles", r.profiles), o.strings("geometries", r.geometries), o.strings("warnings", r.warnings);
    if (document.contains("end")) {
        const Object end{document["end"], subject, "end."};
        std::string reason{reason_names[0]};
        end.get("reason", reason), end.get("detail", r.detail), end.get("guest_failures", r.guest_failures);
        r.reason = reason_of(reason, end);
    }
    o.list("zones", [&](const Object& z) {
        ZoneInfo zone;
        z.get("name", zone.name), z.get("start_pfn", zone.start_pfn), z.get("end_pfn", zone.end_pfn), z.get("present_pages", zone.present_pages), z.get("node", zone.node);
        r.zones.push_back(zone);
    });
    o.list("regions", [&](const Object& g) {
        RegionInfo region;
        g.get("name", region.name), g.get("start", region.start), g.get("end", region.end);
        r.regions.push_back(region);
    });
    o.list("spans", [&](const Object& s) {
        SpanInfo span;
        s.get("id", span.id), s.get("name", span.name);
        r.spans.push_back(span);
    });
    if (document.contains("stale")) {
        const Object stale{document["stale"], subject, "stale."};
        StaleInfo& s = r.stale.emplace();
        stale.get("mode", s.mode), stale.get("changes", s.changes), stale.get("held", s.held), stale.get("sites", s.sites), stale.get("uses", s.uses);
        stale.get("most_translations", s.most_translations), stale.get("unfollowed", s.unfollowed), stale.get("in_time", s.in_time);
        stale.get("unsettled", s.unsettled);
    }
    o.list("oddities", [&](const Object& d) {
        OddityInfo oddity;
        d.get("kind", oddity.kind), d.get("count", oddity.count), d.get("first", oddity.first);
        r.oddities.push_back(oddity);
    });
    r.start = mark_info(document, "start", subject), r.until = mark_info(document, "until", subject);
    o.list("final", [&](const Object& f) { r.finals.push_back(final_counters(f)); });
    return r;
}

}  // namespace

const char* name(EndReason reason) { return reason_names[static_cast<unsigned>(reason)]; }

RunInfo parse_run_info(const std::string& text, const std::string& subject) {
    json document;
    try {
        document = json::parse(text);
    } catch (const json::parse_error& e) {
        throw TraceError{subject, e.byte, "is not JSON; the file is damaged, record again"};
    }
    return run_of(document, subject);
}

RunInfo read_run_info(const std::filesystem::path& directory) {
    const auto file = directory / hidden_directory / run_file;
    std::ifstream in{file, std::ios::binary};
    if (!in) throw InputError{file.string(), "cannot be read; a trace needs its hidden directory, copy it with the streams (cp -a)"};
    std::ostringstream text;
    text << in.rdbuf();
    return parse_run_info(text.str(), file.string());
}

}  // namespace tools
