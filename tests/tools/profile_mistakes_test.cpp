// SPDX-License-Identifier: LGPL-2.1-or-later
// Every mistake in a profile is reported with its file, line and key, and with what to do. Each test spoils golden.toml.
#include <gtest/gtest.h>

#include <algorithm>

#include "test_paths.hpp"
#include "tools/error.hpp"
#include "tools/profile.hpp"
#include "trace_builder.hpp"

namespace {

// A profile's text that a test spoils, and the complaint about it.
class Draft final {
public:
    Draft() : text_{tests::read_file(tests::data_directory() / "golden.toml")} {}
    explicit Draft(std::string text) : text_{std::move(text)} {}

    Draft& replace(const std::string& old_text, const std::string& new_text) {
        const size_t at = find(old_text);
        text_.replace(at, old_text.size(), new_text);
        return *this;
    }
    Draft& after(const std::string& line, const std::string& new_lines) {
        text_.insert(text_.find('\n', find(line)) + 1, new_lines);
        return *this;
    }
    // Removes the first line that begins so.
    Draft& without(const std::string& beginning) {
        const size_t at = find("\n" + beginning) + 1;
        text_.erase(at, text_.find('\n', at) + 1 - at);
        return *this;
    }
    // Removes the table: its header and its lines.
    Draft& without_table(const std::string& name) {
        const size_t at = find("[" + name + "]\n"), end = text_.find("\n[", at);
        text_.erase(at, end + 1 - at);
        return *this;
    }

    // "bad.toml:LINE: …"; or "fine".
    [[nodiscard]] std::string complaint() const {
        const tests::TemporaryDirectory directory;
        const auto file = directory.path() / "bad.toml";
        tests::write_file(file, text_);
        try {
            (void)tools::read_profile(file);
        } catch (const tools::InputError& e) {
            return std::string{e.what()}.substr(directory.path().string().size() + 1);
        }
        return "fine";
    }
    // The complaint's place, for the line with this text.
    [[nodiscard]] std::string at(const std::string& needle) const {
        const auto end = text_.begin() + static_cast<std::ptrdiff_t>(find(needle));
        return "bad.toml:" + std::to_string(1 + std::count(text_.begin(), end, '\n')) + ": key ";
    }

private:
    [[nodiscard]] size_t find(const std::string& needle) const {
        const size_t at = text_.find(needle);
        if (at == std::string::npos) throw std::runtime_error{"golden.toml has no " + needle};
        return at;
    }
    std::string text_;
};

constexpr char second_level[] =
    "[tlb.second_data_4k]\nentries = { best = 64, source = \"test\" }\nways = { best = 4, source = \"test\" }\n"
    "replacement = { is = \"lru\", source = \"test\" }\n";
constexpr char second_shape[] =
    "second_unified = { is = false, source = \"test\" }\nlarge_second_data = { is = \"none\", source = \"test\" }\n"
    "inclusion = { is = \"neither\", source = \"test\" }\n";

std::string second_instruction_level() {
    std::string text = second_level;
    return text.replace(text.find("data"), 4, "instruction");
}

Draft with_second_level() {
    Draft d;
    return d.replace("[tlb.shape]", std::string{second_level} + "[tlb.shape]").after("[tlb.shape]", second_shape);
}

TEST(ProfileMistakes, TheDraftsAreFineUnspoilt) {
    EXPECT_EQ(Draft{}.complaint(), "fine");
    EXPECT_EQ(with_second_level().complaint(), "fine");
}

TEST(ProfileMistakes, Schema) {
    EXPECT_EQ(Draft{"schema = 1\n"}.complaint(), "bad.toml:1: key 'schema' must be 2: the only one that this zonescope reads");
    EXPECT_EQ(Draft{"schema = '2'\n"}.complaint(), "bad.toml:1: key 'schema' must be a whole number");
    EXPECT_EQ(Draft{""}.complaint(), "bad.toml:1: key 'schema' is missing; add schema = 2, the one that this zonescope reads");
    EXPECT_EQ(Draft{"schema = 2\nname = p6\n"}.complaint().substr(0, 12), "bad.toml:2: ") << "no TOML";
}

TEST(ProfileMistakes, UnknownKeys) {
    Draft d;
    d.replace("\ninvlpg = ", "\ninvlgp = ");
    EXPECT_EQ(d.complaint(), d.at("invlgp") + "'cost.invlgp' is unknown; 'cost' has instruction, mov_cr3, invlpg, pdpte_load, interrupt, "
                                              "exception, iret, sysenter, sysexit, page_fault, clock_mhz");
    d = Draft{}.after("title", "author = \"me\"\n");
    EXPECT_EQ(d.complaint(), d.at("author") + "'author' is unknown; the file has schema, name, title, tlb, walk, cost");
    d = Draft{}.replace("[tlb.data_4k]", "[tlb.data_4K]");
    EXPECT_EQ(d.complaint().substr(0, d.at("data_4K").size() + 26), d.at("data_4K") + "'tlb.data_4K' is unknown; ");
    d = Draft{}.replace("\nways = ", "\nassociativity = ");
    EXPECT_EQ(d.complaint(), d.at("associativity") + "'tlb.instruction_4k.associativity' is unknown; 'tlb.instruction_4k' has entries, ways, replacement");
    d = Draft{}.replace("unified = ", "unify = ");
    EXPECT_EQ(d.complaint().substr(0, d.at("unify").size() + 30), d.at("unify") + "'tlb.shape.unify' is unknown; ");
    d = Draft{}.replace("invlpg = { best = 40, ", "invlpg = { best = 40, worst = 400, ");
    EXPECT_EQ(d.complaint(), d.at("invlpg = ") + "'cost.invlpg.worst' is unknown; 'cost.invlpg' has best, low, high, source");
    d = Draft{}.replace("unified = { ", "unified = { was = true, ");
    EXPECT_EQ(d.complaint(), d.at("unified = ") + "'tlb.shape.unified.was' is unknown; 'tlb.shape.unified' has is, source");
}

TEST(ProfileMistakes, MissingKeys) {
    Draft d;
    d.without("invlpg");
    EXPECT_EQ(d.complaint(), d.at("[cost]") + "'cost.invlpg' is missing; add it as { best = …, low = …, high = …, source = \"…\" }");
    EXPECT_EQ(Draft{}.without("title").complaint(), "bad.toml:1: key 'title' is missing; add it as a string");
    EXPECT_EQ(Draft{}.without_table("walk").complaint(), "bad.toml:1: key 'walk' is missing; add it as a table");
    EXPECT_EQ(Draft{}.without_table("tlb.shape").complaint().substr(12), "key 'tlb.shape' is missing; add it as a table");
    d = Draft{}.without("ways");
    EXPECT_EQ(d.complaint(), d.at("[tlb.instruction_4k]") + "'tlb.instruction_4k.ways' is missing; add it as { best = …, low = …, high = …, source = \"…\" }");
    d = Draft{}.without("replacement");
    EXPECT_EQ(d.complaint(), d.at("[tlb.instruction_4k]") + "'tlb.instruction_4k.replacement' is missing; add it as { is = \"…\", source = \"…\" }, with one of "
                                                            "lru, tree-plru, random");
    d = Draft{}.without("global_pages");
    EXPECT_EQ(d.complaint(), d.at("[tlb.shape]") + "'tlb.shape.global_pages' is missing; add it as { is = …, source = \"…\" }");
    d = Draft{}.without("large_data");
    EXPECT_EQ(d.complaint(), d.at("[tlb.shape]") + "'tlb.shape.large_data' is missing; say where tlb.data_4k's level caches large pages");
    d = Draft{}.replace("unified = { is = false, ", "unified = { ");
    EXPECT_EQ(d.complaint(), d.at("unified = ") + "'tlb.shape.unified.is' is missing; give true or false");
    d = Draft{}.replace("sysexit = { best = 0, ", "sysexit = { ");
    EXPECT_EQ(d.complaint(), d.at("sysexit = ") + "'cost.sysexit.best' is missing; add it as a number");
    d = Draft{}.replace("sysexit = { best = 0, source = \"test\"", "sysexit = { best = 0");
    EXPECT_EQ(d.complaint(), d.at("sysexit = ") + "'cost.sysexit.source' is missing; add it as a string");
}

TEST(ProfileMistakes, WrongTypes) {
    Draft d;
    d.replace("invlpg = { best = 40", "invlpg = { best = '40'");
    EXPECT_EQ(d.complaint(), d.at("invlpg = ") + "'cost.invlpg.best' must be a number");
    d = Draft{}.replace("sysexit = { best = 0, source = \"test\" }", "sysexit = 0");
    EXPECT_EQ(d.complaint(), d.at("sysexit") + "'cost.sysexit' must be { best = …, low = …, high = …, source = \"…\" }");
    d = Draft{}.replace("unified = { is = false", "unified = { is = \"no\"");
    EXPECT_EQ(d.complaint(), d.at("unified") + "'tlb.shape.unified.is' must be true or false, without quotes");
    d = Draft{}.replace("large_data = { is = \"own\"", "large_data = { is = \"split\"");
    EXPECT_EQ(d.complaint(), d.at("large_data = ") + "'tlb.shape.large_data.is' is 'split'; it must be one of own, shared, fragmented");
    d = Draft{}.replace("title = \"", "title = 6 # \"");
    EXPECT_EQ(d.complaint(), d.at("title") + "'title' must be a string");
    d = Draft{}.replace("name = \"p6\"", "name = \"P6, new\"");
    EXPECT_EQ(d.complaint(), d.at("name") + "'name' must be 1 to 31 small letters, digits and hyphens");
}

TEST(ProfileMistakes, Intervals) {
    Draft d;
    d.replace("invlpg = { best = 40", "invlpg = { best = 4000");
    EXPECT_EQ(d.complaint(), d.at("invlpg = ") + "'cost.invlpg' must have low <= best <= high; put them in order");
    d = Draft{}.replace("invlpg = { best = 40", "invlpg = { best = -40");
    EXPECT_EQ(d.complaint(), d.at("invlpg = ") + "'cost.invlpg.best' must be a number from 0 to 1e9");
    d = Draft{}.replace("invlpg = { best = 40, low = 12, high = 110,", "invlpg = { best = 40,");
    EXPECT_EQ(d.complaint(), d.at("invlpg = ") + "'cost.invlpg' is assumed, so it needs low and high: an interval that surely holds it");
    d = Draft{}.replace("sysexit = { best = 0, source = \"test\"", "sysexit = { best = 0, source = \" \"");
    EXPECT_EQ(d.complaint(), d.at("sysexit = ") + "'cost.sysexit.source' is empty; say who published it, or 'assumed: ' and from what it is bounded");
}

TEST(ProfileMistakes, Geometry) {
    const std::string entries = "entries = { best = 32", ways = "ways = { best = 4", replacement = "replacement = { is = \"lru\"";
    Draft d;
    d.replace(entries, "entries = { best = 0");
    EXPECT_EQ(d.complaint(), d.at("entries") + "'tlb.instruction_4k.entries' is 0; leave the whole table out if the CPU has no such TLB, or say 'assumed: ' and why");
    const std::string assumed = "[tlb.pde_cache]\nentries = { best = 0, low = 0, high = 16, source = \"assumed: test\" }\n";
    EXPECT_EQ(Draft{}.after("clock_mhz", assumed).complaint(), "fine");
    d = Draft{}.after("clock_mhz", assumed + "ways = { best = 1, source = \"test: one way\" }\n");
    EXPECT_EQ(d.complaint(), d.at("ways = { best = 1, source = \"test: one way\"") + "'tlb.pde_cache.ways' is there, but the entries are 0; leave it out");
    d = Draft{}.replace(entries, "entries = { best = 32.5");
    EXPECT_EQ(d.complaint(), d.at("entries") + "'tlb.instruction_4k.entries' must be a whole number from 1 to 4096");
    d = Draft{}.replace(ways, "ways = { best = 64");
    EXPECT_EQ(d.complaint(), d.at("ways") + "'tlb.instruction_4k.ways' must be a whole number from 1 to the entries (then it is fully associative)");
    d = Draft{}.replace(ways, "ways = { best = 5");
    EXPECT_EQ(d.complaint(), d.at("ways") + "'tlb.instruction_4k.ways' must divide the entries");
    d = Draft{}.replace(entries, "entries = { best = 24");
    EXPECT_EQ(d.complaint(), d.at("ways") + "'tlb.instruction_4k.ways' must leave a power of two of sets: entries / ways");
    d = Draft{}.replace(entries, "entries = { best = 24").replace(ways, "ways = { best = 24");
    EXPECT_EQ(d.complaint(), "fine") << "fully associative";
    d.replace(replacement, "replacement = { is = \"tree-plru\"");
    EXPECT_EQ(d.complaint(), d.at("replacement") + "'tlb.instruction_4k.replacement' is tree-plru, so the ways must be a power of two; take lru or random");
}

TEST(ProfileMistakes, FirstLevel) {
    Draft d = Draft{}.replace("unified = { is = false", "unified = { is = true");
    EXPECT_EQ(d.complaint(), d.at("[tlb.instruction_4k]") + "'tlb.instruction_4k' contradicts unified = true: tlb.data_4k serves instructions, too; leave it out");
    d = Draft{}.without_table("tlb.instruction_4k");
    EXPECT_EQ(d.complaint().substr(12), "key 'tlb.instruction_4k' is missing; add it, or say unified = true");
    d = Draft{}.without_table("tlb.data_4k");
    EXPECT_EQ(d.complaint().substr(12), "key 'tlb.data_4k' is missing; every CPU with paging has one");
    d = Draft{}.without_table("tlb.data_large");
    EXPECT_EQ(d.complaint(), d.at("large_data = ") + "'tlb.shape.large_data' is own, so table 'tlb.data_large' must be there");
    d = Draft{}.replace("large_data = { is = \"own\"", "large_data = { is = \"shared\"");
    EXPECT_EQ(d.complaint(), d.at("[tlb.data_large]") + "'tlb.data_large' is there, so 'tlb.shape.large_data' must be own");
}

TEST(ProfileMistakes, SecondLevel) {
    Draft d = Draft{}.after("[tlb.shape]", "inclusion = { is = \"exclusive\", source = \"test\" }\n");
    EXPECT_EQ(d.complaint(), d.at("inclusion") + "'tlb.shape.inclusion' speaks of a second level, which is not there; leave it out, or add its tables");
    d = with_second_level().without("inclusion");
    EXPECT_EQ(d.complaint(), d.at("[tlb.shape]") + "'tlb.shape.inclusion' is missing; add it as { is = …, source = \"…\" }");
    d = with_second_level().replace("large_second_data = { is = \"none\"", "large_second_data = { is = \"fragmented\"");
    EXPECT_EQ(d.complaint(), d.at("large_second_data") + "'tlb.shape.large_second_data' is fragmented, but the first level is not; take own, shared or none");
    d = with_second_level().without_table("tlb.data_large").replace("large_data = { is = \"own\"", "large_data = { is = \"fragmented\"");
    EXPECT_EQ(d.complaint(), d.at("large_second_data") + "'tlb.shape.large_second_data' must be fragmented, as on the first level");
    d = with_second_level().replace("tlb.second_data_4k", "tlb.second_data_large");
    EXPECT_EQ(d.complaint(), d.at("[tlb.second_data_large]") + "'tlb.second_data_large' needs tlb.second_data_4k beside it; add that, or leave this out");
    d = with_second_level().without_table("tlb.second_data_4k");
    EXPECT_EQ(d.complaint(), d.at("large_second_data") + "'tlb.shape.large_second_data' speaks of tlb.second_data_4k, which is not there; leave it out");
    d = with_second_level().replace("tlb.second_data_4k", "tlb.second_instruction_4k").replace("large_second_data", "large_second_instruction");
    EXPECT_EQ(d.complaint(), "fine");
    d = with_second_level().replace("[tlb.shape]", second_instruction_level() + "[tlb.shape]")
            .after("[tlb.shape]", "large_second_instruction = { is = \"none\", source = \"test\" }\n");
    EXPECT_EQ(d.complaint(), "fine");
    d.replace("second_unified = { is = false", "second_unified = { is = true");
    EXPECT_EQ(d.complaint(), d.at("[tlb.second_instruction_4k]") + "'tlb.second_instruction_4k' contradicts second_unified = true: tlb.second_data_4k serves both; "
                                                                   "leave it out");
}

TEST(ProfileMistakes, LoadsOnly) {
    const std::string no = "loads_only = { is = false", yes = "loads_only = { is = true";
    Draft d = Draft{}.replace(no, yes);
    EXPECT_EQ(d.complaint(), d.at("loads_only") + "'tlb.shape.loads_only' is true, so stores need tlb.second_data_4k; add that");
    d = with_second_level().replace(no, yes);
    EXPECT_EQ(d.complaint(), d.at("loads_only") + "'tlb.shape.loads_only' is true, so stores need a second level for large pages, too");
    d.replace("large_second_data = { is = \"none\"", "large_second_data = { is = \"shared\"");
    EXPECT_EQ(d.complaint(), "fine");
    d.replace("inclusion = { is = \"neither\"", "inclusion = { is = \"exclusive\"");
    EXPECT_EQ(d.complaint(), d.at("inclusion") + "'tlb.shape.inclusion' is exclusive, which loads_only = true contradicts: stores fill the second level alone");
}

TEST(ProfileMistakes, Walk) {
    Draft d = Draft{}.replace("line_bytes = { best = 32", "line_bytes = { best = 48");
    EXPECT_EQ(d.complaint(), d.at("line_bytes") + "'walk.line_bytes' must be a power of two from 8 to 4096");
    d = Draft{}.replace("line_bytes = { best = 32", "line_bytes = { best = 32, high = 64");
    EXPECT_EQ(d.complaint(), d.at("line_bytes") + "'walk.line_bytes' must be exact, without low and high: reads are counted by lines of one size");
    d = Draft{}.replace("l1_lines = { best = 64, low = 16", "l1_lines = { best = 64, low = 0");
    EXPECT_EQ(d.complaint(), d.at("l1_lines") + "'walk.l1_lines' must be from 1 to 1048576");
    d = Draft{}.replace("l2_lines = { best = 1024, low = 128", "l2_lines = { best = 1024, low = 8");
    EXPECT_EQ(d.complaint(), d.at("l2_lines") + "'walk.l2_lines' must not be less than walk.l1_lines, in low, best and high");
    d = Draft{}.replace("l2 = { best = 7, low = 7", "l2 = { best = 7, low = 2");
    EXPECT_EQ(d.complaint(), d.at("l2 = ") + "'walk.l2' must not be less than walk.l1, in low, best and high");
    d = Draft{}.replace("memory = { best = 138, low = 138", "memory = { best = 138, low = 6");
    EXPECT_EQ(d.complaint(), d.at("memory = ") + "'walk.memory' must not be less than walk.l2, in low, best and high");
    d = Draft{}.replace("clock_mhz = { best = 800", "clock_mhz = { best = 0");
    EXPECT_EQ(d.complaint(), d.at("clock_mhz") + "'cost.clock_mhz' is 0; give the clock rate of a part with these figures");
}

TEST(ProfileMistakes, FilesThatCannotBeRead) {
    const tests::TemporaryDirectory directory;
    for (const auto& path : {directory.path(), directory.path() / "none.toml"}) {
        try {
            (void)tools::read_profile(path);
            FAIL() << path;
        } catch (const tools::InputError& e) {
            EXPECT_EQ(e.what(), path.string() + ": cannot be read; `zonescope profiles` lists the profiles that exist");
        }
    }
}

}  // namespace
