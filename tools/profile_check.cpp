// SPDX-License-Identifier: LGPL-2.1-or-later
// The contradictions that a profile can have.
#include "profile_check.hpp"

#include "mm/mmu_geometry_text.hpp"
#include "profile_file.hpp"
#include "profile_geometry.hpp"
#include "profile_keys.hpp"

namespace tools {
namespace {

constexpr double most_entries = mm::max_tlb_entries;
constexpr double most_lines = 1 << 20;  // of page-table entries in a cache
constexpr double least_line = 8, largest_line = 4096;  // bytes; 8: one PAE entry

bool whole(double v) { return v == static_cast<double>(static_cast<uint64_t>(v)); }
bool power_of_two(double v) {
    const auto n = static_cast<uint64_t>(v);
    return whole(v) && n != 0 && (n & (n - 1)) == 0;
}

void check_name(const std::string& name, const ProfileFile& file) {
    if (name.empty() || name.size() > mm::max_profile_name || name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") != std::string::npos)
        file.fail("name", "must be 1 to 31 small letters, digits and hyphens");
}

// A TLB that the CPU is assumed not to have: its entries alone, none at best. What is known not to be there is left out.
void check_absent(const std::string& key, const TlbFigures& tlb, const ProfileFile& file) {
    if (!tlb.entries.assumed()) file.fail(key + ".entries", "is 0; leave the whole table out if the CPU has no such TLB, or say 'assumed: ' and why");
    for (const char* other : {".ways", ".replacement"})
        if (file.has(key + other)) file.fail(key + other, "is there, but the entries are 0; leave it out");
}

void check_tlb(const std::string& key, const TlbFigures& tlb, const ProfileFile& file) {
    const double entries = tlb.entries.best, ways = tlb.ways.best;
    if (entries == 0) return check_absent(key, tlb, file);
    if (!whole(entries) || entries > most_entries) file.fail(key + ".entries", "must be a whole number from 1 to 4096");
    if (!whole(ways) || ways < 1 || ways > entries) file.fail(key + ".ways", "must be a whole number from 1 to the entries (then it is fully associative)");
    if (!whole(entries / ways)) file.fail(key + ".ways", "must divide the entries");
    if (!power_of_two(entries / ways)) file.fail(key + ".ways", "must leave a power of two of sets: entries / ways");
    if (tlb.replacement.is == "tree-plru" && !power_of_two(ways))
        file.fail(key + ".replacement", "is tree-plru, so the ways must be a power of two; take lru or random");
}

// A side of a level: the table for 4 KiB pages, that for large ones, and where large pages go.
struct Side {
    const char *small_key, *large_key, *shape_key;
    const TlbFigures &small, &large;
    const Choice& shape;
};

void check_side(const Side& s, const ProfileFile& file) {
    const std::string shape_key = std::string{"tlb.shape."} + s.shape_key, large_key = std::string{"tlb."} + s.large_key;
    if (!s.small.exists() && s.large.exists()) file.fail(large_key, std::string{"needs tlb."} + s.small_key + " beside it; add that, or leave this out");
    if (!s.small.exists() && !s.shape.is.empty()) file.fail(shape_key, std::string{"speaks of tlb."} + s.small_key + ", which is not there; leave it out");
    if (!s.small.exists()) return;
    if (s.shape.is.empty()) file.fail(shape_key, std::string{"is missing; say where tlb."} + s.small_key + "'s level caches large pages");
    if (s.shape.is == "own" && !s.large.exists()) file.fail(shape_key, "is own, so table '" + large_key + "' must be there");
    if (s.shape.is != "own" && s.large.exists()) file.fail(large_key, "is there, so '" + shape_key + "' must be own");
}

// Large pages that the first level holds in pieces reach the second level in pieces, and only those.
void check_fragments(const char* key, const Choice& first, const Choice& second, const ProfileFile& file) {
    if (second.is.empty() || (first.is == "fragmented") == (second.is == "fragmented")) return;
    file.fail(std::string{"tlb.shape."} + key, first.is == "fragmented" ? "must be fragmented, as on the first level"
                                                                        : "is fragmented, but the first level is not; take own, shared or none");
}

void require_choice(const char* key, const Choice& c, const ProfileFile& file) {
    if (c.is.empty()) file.fail(std::string{"tlb.shape."} + key, "is missing; add it as { is = …, source = \"…\" }");
}

void check_first_level(const Profile& p, const ProfileFile& file) {
    for (const auto& [key, choice] : {std::pair{"unified", &p.unified}, {"loads_only", &p.loads_only}, {"global_pages", &p.global_pages}})
        require_choice(key, *choice, file);
    if (!p.data_4k.exists()) file.fail("tlb.data_4k", "is missing; every CPU with paging has one");
    if (!p.unified.yes() && !p.instruction_4k.exists()) file.fail("tlb.instruction_4k", "is missing; add it, or say unified = true");
    if (p.unified.yes()) {
        constexpr char why[] = "contradicts unified = true: tlb.data_4k serves instructions, too; leave it out";
        for (const char* key : {"instruction_4k", "instruction_large", "second_instruction_4k", "second_instruction_large"})
            if (file.has(std::string{"tlb."} + key)) file.fail(std::string{"tlb."} + key, why);
    }
    check_side({"instruction_4k", "instruction_large", "large_instruction", p.instruction_4k, p.instruction_large, p.large_instruction}, file);
    check_side({"data_4k", "data_large", "large_data", p.data_4k, p.data_large, p.large_data}, file);
}

void check_second_level(const Profile& p, const ProfileFile& file) {
    check_side({"second_instruction_4k", "second_instruction_large", "large_second_instruction", p.second_instruction_4k,
                p.second_instruction_large, p.large_second_instruction}, file);
    check_side({"second_data_4k", "second_data_large", "large_second_data", p.second_data_4k, p.second_data_large, p.large_second_data}, file);
    const bool exists = p.second_instruction_4k.exists() || p.second_data_4k.exists();
    for (const auto& [key, choice] : {std::pair{"second_unified", &p.second_unified}, {"inclusion", &p.inclusion}}) {
        if (exists) require_choice(key, *choice, file);
        else if (!choice->is.empty()) file.fail(std::string{"tlb.shape."} + key, "speaks of a second level, which is not there; leave it out, or add its tables");
    }
    if (p.second_unified.yes()) {
        if (p.second_instruction_4k.exists()) file.fail("tlb.second_instruction_4k", "contradicts second_unified = true: tlb.second_data_4k serves both; leave it out");
        if (!p.unified.yes()) check_fragments("large_second_data", p.large_instruction, p.large_second_data, file);
    }
    check_fragments("large_second_instruction", p.large_instruction, p.large_second_instruction, file);
    check_fragments("large_second_data", p.large_data, p.large_second_data, file);
    if (!p.loads_only.yes()) return;
    if (!p.second_data_4k.exists()) file.fail("tlb.shape.loads_only", "is true, so stores need tlb.second_data_4k; add that");
    if (p.large_second_data.is == "none") file.fail("tlb.shape.loads_only", "is true, so stores need a second level for large pages, too");
    if (p.inclusion.is == "exclusive") file.fail("tlb.shape.inclusion", "is exclusive, which loads_only = true contradicts: stores fill the second level alone");
}

void check_walk(const Profile& p, const ProfileFile& file) {
    if (!power_of_two(p.line_bytes.best) || p.line_bytes.best < least_line || p.line_bytes.best > largest_line)
        file.fail("walk.line_bytes", "must be a power of two from 8 to 4096");
    if (p.line_bytes.low != p.line_bytes.high) file.fail("walk.line_bytes", "must be exact, without low and high: reads are counted by lines of one size");
    for (const auto& [key, lines] : {std::pair{"walk.l1_lines", &p.l1_lines}, {"walk.l2_lines", &p.l2_lines}})
        if (lines->low < 1 || lines->high > most_lines) file.fail(key, "must be from 1 to 1048576");
    const auto ascends = [](const Figure& a, const Figure& b) { return a.low <= b.low && a.best <= b.best && a.high <= b.high; };
    if (!ascends(p.l1_lines, p.l2_lines)) file.fail("walk.l2_lines", "must not be less than walk.l1_lines, in low, best and high");
    if (!ascends(p.l1, p.l2)) file.fail("walk.l2", "must not be less than walk.l1, in low, best and high");
    if (!ascends(p.l2, p.memory)) file.fail("walk.memory", "must not be less than walk.l2, in low, best and high");
    if (p.clock_mhz.best == 0) file.fail("cost.clock_mhz", "is 0; give the clock rate of a part with these figures");
}

}  // namespace

void check_profile(const Profile& p, const ProfileFile& file) {
    check_name(p.name, file);
    for (const TlbKey& k : tlb_keys)
        if (const std::string key = std::string{"tlb."} + k.key; file.has(key)) check_tlb(key, p.*k.at, file);
    check_first_level(p, file);
    check_second_level(p, file);
    if (const char* const why = mm::inconsistency(to_geometry(p))) file.fail("tlb.shape", std::string{"is inconsistent: "} + why);
    check_walk(p, file);
}

}  // namespace tools
