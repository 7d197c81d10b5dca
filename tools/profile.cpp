// SPDX-License-Identifier: LGPL-2.1-or-later
// Reads CPU profiles from TOML and says exactly where one is wrong.
#include "profile.hpp"

#include <algorithm>
#include <fstream>
#include <toml++/toml.h>

#include "error.hpp"
#include "paths.hpp"

namespace tools {
namespace {

constexpr int profile_schema = 1;

// What the errors of one file are reported against.
class Reader final {
public:
    explicit Reader(const std::filesystem::path& file) : file_{file} {
        std::ifstream in{file};
        if (!in) throw InputError{file.string(), "cannot be read; `zonescope profiles` lists the profiles that exist"};
        try {
            root_ = toml::parse(in, file.string());
        } catch (const toml::parse_error& e) {
            fail(e.source().begin.line, std::string{e.description()});
        }
    }

    [[noreturn]] void fail(unsigned line, const std::string& what) const {
        throw InputError{file_.string() + ":" + std::to_string(line), what};
    }
    static unsigned line(const toml::node& n) { return n.source().begin.line; }

    const toml::table& root() const { return root_; }

    std::string text(const toml::table& table, const std::string& key) const {
        const toml::node* node = table.get(key);
        if (!node) fail(line(table), "key '" + key + "' is missing; add it as a string");
        if (!node->is_string()) fail(line(*node), "key '" + key + "' must be a string");
        return std::string{**node->as_string()};
    }

    Figure figure(const toml::node& node, const std::string& path) const {
        if (!node.is_table()) fail(line(node), "key '" + path + "' must be {best = …, low = …, high = …, source = \"…\"}");
        const toml::table& t = *node.as_table();
        for (auto&& [key, value] : t) {
            if (key != "best" && key != "low" && key != "high" && key != "source")
                fail(line(value), "key '" + path + "." + std::string{key} + "' is unknown; a figure has best, low, high and source");
        }
        Figure f;
        f.best = number(t, path, "best");
        f.low = t.contains("low") ? number(t, path, "low") : f.best;
        f.high = t.contains("high") ? number(t, path, "high") : f.best;
        f.source = text(t, "source");
        if (f.source.empty()) fail(line(node), "key '" + path + ".source' is empty; say who published the figure, or 'assumed: why'");
        if (f.low > f.best || f.best > f.high) fail(line(node), "key '" + path + "' must have low <= best <= high");
        if (f.assumed() && !(t.contains("low") && t.contains("high")))
            fail(line(node), "key '" + path + "' is assumed, so it needs low and high: an interval that surely holds it");
        return f;
    }

private:
    double number(const toml::table& t, const std::string& path, const char* key) const {
        const toml::node* node = t.get(key);
        if (!node) fail(line(t), "key '" + path + "." + key + "' is missing");
        if (!node->is_number()) fail(line(*node), "key '" + path + "." + key + "' must be a number");
        const double value = node->value<double>().value_or(-1);
        if (!(value >= 0 && value < 1e9)) fail(line(*node), "key '" + path + "." + key + "' must be a number from 0 to 1e9");
        return value;
    }

    std::filesystem::path file_;
    toml::table root_;
};

// "tlb.data_4k" is table data_4k in table tlb.
const toml::table* descend(const toml::table& root, const std::string& dotted) {
    const toml::node* node = root.at_path(dotted).node();
    return node ? node->as_table() : nullptr;
}

// A key that no figure is read from is a spelling mistake: say so instead of ignoring it.
void reject_unknown(const Reader& reader, const toml::table& table, const std::string& prefix) {
    for (auto&& [key, value] : table) {
        const std::string path = prefix.empty() ? std::string{key} : prefix + "." + std::string{key};
        if (prefix.empty() && (path == "schema" || path == "name" || path == "title")) continue;
        const auto& keys = figure_keys();
        const bool figure = std::any_of(keys.begin(), keys.end(), [&](const FigureKey& k) { return path == std::string{k.table} + "." + k.key; });
        if (figure) continue;
        const bool inner = std::any_of(keys.begin(), keys.end(), [&](const FigureKey& k) {
            return (std::string{k.table} + ".").rfind(path + ".", 0) == 0;
        });
        if (!inner || !value.is_table()) reader.fail(Reader::line(value), "key '" + path + "' is unknown; share/profiles/p6.toml has all the keys");
        reject_unknown(reader, *value.as_table(), path);
    }
}

void check_geometry(const Reader& reader, const toml::table& root, const std::string& table, const TlbFigures& g) {
    const auto whole = [](double v) { return v == static_cast<double>(static_cast<unsigned>(v)); };
    const unsigned entries = static_cast<unsigned>(g.entries.best), ways = static_cast<unsigned>(g.ways.best);
    const unsigned line = Reader::line(*descend(root, table));
    if (!whole(g.entries.best) || !whole(g.ways.best)) reader.fail(line, "table '" + table + "': entries and ways must be whole numbers");
    if (entries == 0) return;
    if (ways == 0 || entries % ways != 0) reader.fail(line, "table '" + table + "': entries must be a multiple of ways");
}

}  // namespace

const std::vector<FigureKey>& figure_keys() {
    static const std::vector<FigureKey> keys{
        {"tlb.instruction_4k", "entries", "entries", "instruction TLB for 4 KiB pages", [](Profile& p) -> Figure& { return p.instruction_4k.entries; }},
        {"tlb.instruction_4k", "ways", "ways", "its associativity", [](Profile& p) -> Figure& { return p.instruction_4k.ways; }},
        {"tlb.instruction_large", "entries", "entries", "instruction TLB for large pages", [](Profile& p) -> Figure& { return p.instruction_large.entries; }},
        {"tlb.instruction_large", "ways", "ways", "its associativity", [](Profile& p) -> Figure& { return p.instruction_large.ways; }},
        {"tlb.data_4k", "entries", "entries", "data TLB for 4 KiB pages", [](Profile& p) -> Figure& { return p.data_4k.entries; }},
        {"tlb.data_4k", "ways", "ways", "its associativity", [](Profile& p) -> Figure& { return p.data_4k.ways; }},
        {"tlb.data_large", "entries", "entries", "data TLB for large pages", [](Profile& p) -> Figure& { return p.data_large.entries; }},
        {"tlb.data_large", "ways", "ways", "its associativity", [](Profile& p) -> Figure& { return p.data_large.ways; }},
        {"walk", "base", "cycles", "a page walk, without its reads", [](Profile& p) -> Figure& { return p.walk_base; }},
        {"walk", "read_recent", "cycles", "a walk's read of an entry whose line was read lately", [](Profile& p) -> Figure& { return p.read_recent; }},
        {"walk", "read_cold", "cycles", "a walk's read of another entry", [](Profile& p) -> Figure& { return p.read_cold; }},
        {"walk", "line_bytes", "bytes", "cache line, the unit of 'read lately'", [](Profile& p) -> Figure& { return p.line_bytes; }},
        {"walk", "recent_lines", "lines", "how many distinct lines count as read lately", [](Profile& p) -> Figure& { return p.recent_lines; }},
        {"cost", "instruction", "cycles", "an average instruction", [](Profile& p) -> Figure& { return p.instruction; }},
        {"cost", "mov_cr3", "cycles", "MOV to CR3, without the refills it causes", [](Profile& p) -> Figure& { return p.mov_cr3; }},
        {"cost", "invlpg", "cycles", "INVLPG, without the refill it causes", [](Profile& p) -> Figure& { return p.invlpg; }},
        {"cost", "interrupt", "cycles", "INT n, external interrupt or exception", [](Profile& p) -> Figure& { return p.interrupt; }},
        {"cost", "iret", "cycles", "IRET", [](Profile& p) -> Figure& { return p.iret; }},
        {"cost", "page_fault", "cycles", "a page fault, beyond any exception", [](Profile& p) -> Figure& { return p.page_fault; }},
    };
    return keys;
}

Profile read_profile(const std::filesystem::path& file) {
    const Reader reader{file};
    const toml::table& root = reader.root();
    const toml::node* schema = root.get("schema");
    if (!schema) reader.fail(1, "key 'schema' is missing; this zonescope reads schema 1");
    if (schema->value<int>() != profile_schema) reader.fail(Reader::line(*schema), "schema must be 1: the only one that this zonescope reads");
    reject_unknown(reader, root, "");

    Profile profile;
    profile.file = file;
    profile.name = reader.text(root, "name");
    profile.title = reader.text(root, "title");
    for (const FigureKey& key : figure_keys()) {
        const std::string path = std::string{key.table} + "." + key.key;
        const toml::table* table = descend(root, key.table);
        const toml::node* node = table ? table->get(key.key) : nullptr;
        if (!node) reader.fail(table ? Reader::line(*table) : 1, "key '" + path + "' is missing");
        key.at(profile) = reader.figure(*node, path);
    }
    check_geometry(reader, root, "tlb.instruction_4k", profile.instruction_4k);
    check_geometry(reader, root, "tlb.instruction_large", profile.instruction_large);
    check_geometry(reader, root, "tlb.data_4k", profile.data_4k);
    check_geometry(reader, root, "tlb.data_large", profile.data_large);
    const auto line_bytes = static_cast<unsigned>(profile.line_bytes.best);
    if (line_bytes < 4 || (line_bytes & (line_bytes - 1)) != 0)
        reader.fail(Reader::line(*descend(root, "walk")), "key 'walk.line_bytes' must be a power of two, 4 or more");
    if (profile.recent_lines.low < 1 || profile.recent_lines.high > 65536)
        reader.fail(Reader::line(*descend(root, "walk")), "key 'walk.recent_lines' must be from 1 to 65536");
    return profile;
}

std::vector<Profile> all_profiles() {
    std::vector<Profile> profiles;
    const std::filesystem::path directory = paths().profiles;
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator{directory, error})
        if (entry.path().extension() == ".toml") profiles.push_back(read_profile(entry.path()));
    if (error) throw InputError{directory.string(), "the CPU profiles are not here; run `make` or `make install` again"};
    std::sort(profiles.begin(), profiles.end(), [](const Profile& a, const Profile& b) { return a.name < b.name; });
    return profiles;
}

Profile find_profile(const std::string& name_or_path) {
    if (name_or_path.find('/') != std::string::npos || std::filesystem::path{name_or_path}.extension() == ".toml") return read_profile(name_or_path);
    const std::filesystem::path file = paths().profiles / (name_or_path + ".toml");
    if (std::filesystem::exists(file)) return read_profile(file);
    std::string known;
    for (const Profile& p : all_profiles()) known += (known.empty() ? "" : ", ") + p.name;
    throw InputError{"profile '" + name_or_path + "'", "no such CPU profile; known: " + known + ", or give the path of a .toml file"};
}

}  // namespace tools
