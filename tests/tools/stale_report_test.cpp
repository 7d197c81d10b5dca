// SPDX-License-Identifier: LGPL-2.1-or-later
// Reports of missing flushes: entries in words, the flush that was missing, what a site's events add up to, and what is said when
// a recording cannot tell.
#include <gtest/gtest.h>

#include <sstream>

#include <nlohmann/json.hpp>

#include "small_trace.hpp"
#include "tools/record_outcome.hpp"
#include "tools/stale_advice.hpp"
#include "tools/stale_entry.hpp"
#include "tools/stale_output.hpp"

namespace {

namespace trace = mm::trace;
using mm::EntryWriter;
using mm::StaleKind;
using mm::TableLevel;
using tests::SmallTrace;
using tools::entry_words;
using tools::StaleReport;

constexpr mm::Control classic{mm::cr0_pe | mm::cr0_pg, 0x1000, mm::cr4_pse | mm::cr4_pge, 0, 36};
constexpr mm::Control no_extensions{mm::cr0_pe | mm::cr0_pg, 0x1000, 0, 0, 32};
constexpr mm::Control pae{mm::cr0_pe | mm::cr0_pg, 0x1000, mm::cr4_pae | mm::cr4_pge, mm::efer_nxe, 36};

TEST(StaleEntry, SaysWhatAnEntryMaps) {
    EXPECT_EQ(entry_words(0x38010163, TableLevel::pte, classic), "frame 0x38010: writable, kernel only, accessed, dirty, global");
    EXPECT_EQ(entry_words(0x00500005, TableLevel::pte, classic), "frame 0x500: read-only, user, not accessed, not dirty");
    EXPECT_EQ(entry_words(0xFEC0009B, TableLevel::pte, classic), "frame 0xfec00: writable, kernel only, write-through, uncached, PAT, not accessed, not dirty");
    EXPECT_EQ(entry_words(0x38010163, TableLevel::pte, no_extensions), "frame 0x38010: writable, kernel only, accessed, dirty") << "G is ignored without CR4.PGE";
}

TEST(StaleEntry, SaysWhatIsNotThere) {
    EXPECT_EQ(entry_words(0, TableLevel::pte, classic), "not present");
    EXPECT_EQ(entry_words(0x38010162, TableLevel::pte, classic), "not present, the rest is the guest's own");
}

TEST(StaleEntry, TellsTablesFromLargePages) {
    EXPECT_EQ(entry_words(0x3063, TableLevel::pde, classic), "page table in frame 0x3: writable, kernel only, accessed") << "D and G of a table's entry are ignored";
    EXPECT_EQ(entry_words(0x020001E3, TableLevel::pde, classic), "4 MiB page from frame 0x2000: writable, kernel only, accessed, dirty, global");
    EXPECT_EQ(entry_words(0x020001E3, TableLevel::pde, no_extensions), "page table in frame 0x2000: writable, kernel only, accessed") << "PS is ignored without CR4.PSE";
    EXPECT_EQ(entry_words(0x004010E3, TableLevel::pde, classic), "4 MiB page from frame 0x400: writable, kernel only, PAT, accessed, dirty") << "PAT of a large page is bit 12";
}

TEST(StaleEntry, FindsPse36FramesAndReservedBits) {
    EXPECT_EQ(entry_words(0x004120E3, TableLevel::pde, classic), "4 MiB page from frame 0x900400: writable, kernel only, accessed, dirty");
    EXPECT_EQ(entry_words(0x006000E3, TableLevel::pde, classic), "4 MiB page from frame 0x400: writable, kernel only, accessed, dirty, reserved bits 0x200000");
    EXPECT_EQ(tools::view_entry(0x004120E3, TableLevel::pde, classic).page_bytes, 4u << 20);
}

TEST(StaleEntry, ReadsPaeEntries) {
    EXPECT_EQ(entry_words(0x8000000900345067, TableLevel::pte, pae), "frame 0x900345: writable, user, no-execute, accessed, dirty");
    EXPECT_EQ(entry_words(0x00000009002000E3, TableLevel::pde, pae), "2 MiB page from frame 0x900200: writable, kernel only, accessed, dirty");
    EXPECT_EQ(entry_words(0x0000001000345067, TableLevel::pte, pae), "frame 0x1000345: writable, user, accessed, dirty, reserved bits 0x1000000000") << "beyond 36 bits";
    EXPECT_EQ(entry_words(0x00007001, TableLevel::pdpte, pae), "directory in frame 0x7");
    EXPECT_EQ(tools::view_entry(0x00000009002000E3, TableLevel::pde, pae).page_bytes, 2u << 20);
}

StaleReport report(const mm::Control& control = classic) {
    StaleReport r;
    r.first = SmallTrace::stale();
    r.ticks = 2080, r.uses = 1;
    r.control = control;
    return r;
}

TEST(StaleAdvice, OfAPageIsInvlpgAndForAGlobalOneNotCr3) {
    StaleReport r = report();
    EXPECT_EQ(right_flush(r), "INVLPG 0xff800000 or a change of CR4.PGE, after the write. MOV CR3 is not enough: the page is global");
    r.first.global = false;
    EXPECT_EQ(right_flush(r), "INVLPG 0xff800000 or MOV CR3, after the write");
    r.first.change.how = EntryWriter::device;
    EXPECT_EQ(right_flush(r), "INVLPG 0xff800000 or MOV CR3, after the device has written the entry");
}

TEST(StaleAdvice, AcrossCpusTheOtherMustBeTold) {
    StaleReport r = report();
    r.first.change.how = EntryWriter::other_cpu, r.first.change.cpu = 1;
    EXPECT_EQ(right_flush(r).rfind("INVLPG 0xff800000 or a change of CR4.PGE, on CPU 0, which used it, after the write: CPU 1 must tell it, by an interrupt", 0), 0u);
}

TEST(StaleAdvice, OfAnotherAddressSpaceIsAfterItsCr3) {
    StaleReport r = report();
    r.first.change.how = EntryWriter::address_space, r.first.level = TableLevel::pde;
    EXPECT_EQ(right_flush(r), "INVLPG 0xff800000 or a change of CR4.PGE, after the MOV to CR3. MOV CR3 is not enough: the page is global");
}

TEST(StaleAdvice, OfALargePageIsOneInvlpgWhateverFollowsIt) {
    StaleReport r = report();
    r.first.level = TableLevel::pde, r.first.large = true, r.first.global = false;
    for (const uint64_t now : {0x024000E3, 0x3063, 0}) {
        r.first.change.old_entry = 0x020000E3, r.first.change.new_entry = now;
        EXPECT_EQ(right_flush(r), "INVLPG 0xff800000 (any address of the 4 MiB page) or MOV CR3, after the write");
    }
    r.control = pae, r.first.global = true;
    EXPECT_EQ(right_flush(r), "INVLPG 0xff800000 (any address of the 2 MiB page) or a change of CR4.PGE, after the write. MOV CR3 is not enough: the page is global");
}

TEST(StaleAdvice, OfATableIsForAllItsPages) {
    StaleReport r = report();
    r.first.level = TableLevel::pde, r.first.global = false;
    r.first.kind = StaleKind::table_freed;
    r.first.change.old_entry = 0x3063, r.first.change.new_entry = 0;
    EXPECT_EQ(right_flush(r), "MOV CR3, or INVLPG of each page that was used through the table, after the write. One INVLPG drops every cached directory entry, "
                              "but one page's translation only");
    r.first.kind = StaleKind::freed_table_used, r.first.change.how = EntryWriter::freed;
    EXPECT_NE(right_flush(r).find("must be cleared"), std::string::npos);
}

TEST(StaleAdvice, OfAPdpteIsCr3Only) {
    StaleReport r = report(pae);
    r.first.kind = StaleKind::pdpte_not_loaded, r.first.level = TableLevel::pdpte, r.first.global = false;
    EXPECT_EQ(right_flush(r), "MOV CR3 after the write, to load the PDPTE registers. INVLPG does not load them");
}

// Whatever is reported, each sentence is there and each kind reads differently.
TEST(StaleText, HasWordsForEveryKindAndWriter) {
    const tools::RunInfo run = tools::parse_run_info(SmallTrace::run_json(), "run.json");
    const tools::Symbols symbols;
    const tools::StaleNames names{run, symbols};
    std::vector<std::string> seen;
    for (unsigned kind = 0; kind < mm::stale_kinds; ++kind)
        for (unsigned how = 0; how < mm::entry_writers; ++how)
            for (const bool mapped : {false, true}) {
                StaleReport r = report();
                r.first.kind = static_cast<StaleKind>(kind), r.first.change.how = static_cast<EntryWriter>(how);
                r.first.mapped = mapped;
                std::ostringstream text;
                print_stale({r}, names, "DIR", false, text);
                EXPECT_EQ(text.str().find("  \n"), std::string::npos) << text.str();
                EXPECT_EQ(text.str().find("\n  cached  ") == std::string::npos, r.first.kind == StaleKind::freed_table_used) << "a walk of now, not of before";
                for (const char* label : {"used  ", "changed  ", "hardware  ", "tables  ", "needed  ", "flushed  ", "escapes  ", "count  "})
                    EXPECT_NE(text.str().find(std::string{"\n  "} + label), std::string::npos) << label;
                seen.push_back(text.str());
            }
    std::sort(seen.begin(), seen.end());
    EXPECT_EQ(std::unique(seen.begin(), seen.end()), seen.end());
}

std::string text_of(const std::vector<StaleReport>& reports, const std::string& run_json, bool colours = false) {
    const tools::RunInfo run = tools::parse_run_info(run_json, "run.json");
    const tools::Symbols symbols;
    std::ostringstream text;
    print_stale(reports, tools::StaleNames{run, symbols}, "DIR", colours, text);
    return text.str();
}

std::string with(std::string json, const std::string& from, const std::string& to) { return json.replace(json.find(from), from.size(), to); }

TEST(StaleText, SaysWhatWasNotFollowed) {
    const std::string none = text_of({}, SmallTrace::run_json());
    EXPECT_NE(none.find("7 changes of entries in use; translations that they left behind: 2, all flushed before use"), std::string::npos) << none;
    EXPECT_EQ(none.find("no room"), std::string::npos);
    const std::string full = text_of({}, with(SmallTrace::run_json(), "\"unfollowed\": 0", "\"unfollowed\": 1234"));
    EXPECT_NE(full.find("no room for 1,234 stale translations"), std::string::npos) << full;
    EXPECT_NE(full.find("no missing TLB flush found"), std::string::npos);
}

TEST(StaleText, SaysWhatAnotherCpuWasStillChanging) {
    const std::string some = with(SmallTrace::run_json(), "\"unfollowed\": 0", "\"unfollowed\": 0, \"in_time\": 4321, \"unsettled\": 77");
    EXPECT_NE(text_of({}, some).find("4,321 uses of what another CPU was still changing"), std::string::npos) << text_of({}, some);
    EXPECT_NE(text_of({report()}, some).find("was told of 77 more"), std::string::npos) << text_of({report()}, some);
    EXPECT_EQ(text_of({report()}, SmallTrace::run_json()).find("another CPU"), std::string::npos);
    const tools::RunInfo run = tools::parse_run_info(some, "run.json");
    const tools::Symbols symbols;
    const nlohmann::json document = tools::stale_document({}, tools::StaleNames{run, symbols});
    EXPECT_EQ(document["in_time"], 4321);
    EXPECT_EQ(document["unsettled"], 77);
}

TEST(StaleText, SaysThatItWasStopped) {
    const std::string stopped = with(SmallTrace::run_json(), "\"reason\": \"shutdown\"", "\"reason\": \"stale\"");
    const std::string text = text_of({report()}, stopped);
    EXPECT_NE(text.find("it was stopped at the first report"), std::string::npos) << text;
    EXPECT_EQ(text.find("complete"), std::string::npos) << text;
    const tools::RunInfo run = tools::parse_run_info(stopped, "run.json");
    const tools::Symbols symbols;
    EXPECT_EQ(tools::stale_document({}, tools::StaleNames{run, symbols})["end"], "stale");
}

// A recording that was killed has not said its totals: none of them is 0.
TEST(StaleText, WhatAKilledRecordingDidNotSayIsUnknown) {
    const std::string killed = text_of({report()}, SmallTrace::run_json(false));
    EXPECT_NE(killed.find("searched  an unknown number of instructions"), std::string::npos) << killed;
    EXPECT_NE(killed.find("killed"), std::string::npos);
    EXPECT_NE(killed.find("followed  unknown"), std::string::npos);
    const tools::RunInfo run = tools::parse_run_info(SmallTrace::run_json(false), "run.json");
    const tools::Symbols symbols;
    const nlohmann::json document = tools::stale_document({report()}, tools::StaleNames{run, symbols});
    for (const char* total : {"instructions", "changes", "held", "unfollowed", "in_time", "unsettled"}) EXPECT_TRUE(document[total].is_null()) << total;
    EXPECT_EQ(document["stale"].size(), 1u);
}

TEST(StaleText, ColoursAreForTerminals) {
    EXPECT_EQ(text_of({report()}, SmallTrace::run_json()).find('\033'), std::string::npos);
    EXPECT_NE(text_of({report()}, SmallTrace::run_json(), true).find("\033[1;31m1. missing TLB flush"), std::string::npos);
}

TEST(StaleText, NoProfileThatHoldsItIsLuck) {
    StaleReport r = report();
    r.first.profiles = 0;
    EXPECT_NE(text_of({r}, SmallTrace::run_json()).find("no longer cached on p6, which is luck and no safety"), std::string::npos);
}

std::vector<StaleReport> collected(const std::function<void(tests::StreamBuilder&)>& fill) {
    const tests::TemporaryDirectory directory;
    tests::StreamBuilder b{SmallTrace::state()};
    fill(b);
    tests::write_trace(directory.path(), b.bytes(), SmallTrace::run_json(false));
    tools::Trace trace{directory.path()};
    return collect_stale(trace);
}

TEST(StaleCollector, CountsUsesAndRemembersFlushes) {
    trace::Stale first = SmallTrace::stale(), second = first;
    second.site = 1, second.linear = mm::VirtAddr{0xFF801000};
    const auto reports = collected([&](auto& b) {
        b.add(2100, trace::InvalidatePage{first.linear, 0xC0100010});
        b.add(2110, trace::ControlWrite{trace::EventId::cr3_write, 0x1000, 0xC0100020});
        b.add(2120, trace::ControlWrite{trace::EventId::cr4_write, mm::cr4_pse | mm::cr4_pge, 0xC0100030});
        b.add(2125, trace::InvalidatePcid{trace::InvpcidType::address, first.linear, 0xC0100040});
        b.add(2130, first);
        b.add(2140, second);
        b.add(2150, trace::StaleUses{0, 5});
        b.add(2160, trace::StaleUses{0, 9});
    });
    ASSERT_EQ(reports.size(), 2u);
    EXPECT_EQ(reports[0].uses, 9u);
    EXPECT_EQ(reports[1].uses, 1u);
    ASSERT_TRUE(reports[0].invlpg && reports[0].cr3_write);
    EXPECT_EQ(reports[0].invlpg->ip, 0xC0100010u);
    EXPECT_EQ(reports[0].cr3_write->ticks, 2110u);
    EXPECT_FALSE(reports[1].invlpg || reports[1].invpcid) << "those were of another page";
    ASSERT_TRUE(reports[0].invpcid);
    EXPECT_EQ(reports[0].invpcid->ip, 0xC0100040u);
}

TEST(StaleNames, ComeFromAMapAsWell) {
    const tests::TemporaryDirectory directory;
    const auto file = directory.path() / "System.map";
    tests::write_file(file, "c0100000 T startup_32\nc0100040 t _ZN5guest6switchEv\nc0100050 T copy_page\nc0200000 D some_data\n");
    const tools::Symbols symbols{file};
    const tools::RunInfo run = tools::parse_run_info(SmallTrace::run_json(), "run.json");
    const tools::StaleNames names{run, symbols};
    EXPECT_EQ(names.place(0xC0100056), "copy_page+0x6 (0xc0100056)");
    EXPECT_EQ(names.symbol(0xC0100048), "guest::switch+0x8");
    EXPECT_EQ(names.place(0xC0100056, true), "0xc0100056 (lowmem)") << "a program's";
    EXPECT_EQ(names.place(0xC0200000), "0xc0200000 (lowmem)") << "no function";
    EXPECT_EQ(names.place(0xF8000000), "0xf8000000");
    tests::write_file(file, "nothing of the kind\n");
    EXPECT_TRUE(tools::Symbols{file}.empty());
    EXPECT_TRUE(tools::Symbols{directory.path() / "none"}.empty());
}

TEST(StaleRun, OldRecordingsHaveNoSearch) {
    const std::string old = with(SmallTrace::run_json(), R"(,
  "stale": {"mode": "used", "changes": 7, "held": 2, "sites": 1, "uses": 3, "most_translations": 1, "unfollowed": 0})", "");
    EXPECT_FALSE(tools::parse_run_info(old, "run.json").stale);
    EXPECT_EQ(tools::parse_run_info(SmallTrace::run_json(), "run.json").stale->uses, 3u);
    EXPECT_THROW((void)tools::parse_run_info(with(SmallTrace::run_json(), "\"mode\": \"used\"", "\"mode\": 1"), "run.json"), tools::InputError);
}

TEST(StaleRun, RecordSaysThatThereAreSome) {
    tools::RunInfo run = tools::parse_run_info(SmallTrace::run_json(), "run.json");
    EXPECT_EQ(missing_flushes(run, "d"), "d: 1 missing flush, 3 uses of what it left behind; see them with: zonescope stale d");
    run.reason = tools::EndReason::stale;
    EXPECT_EQ(missing_flushes(run, "d"), "") << "its end says so";
    run.reason = tools::EndReason::shutdown, run.stale->sites = 0;
    EXPECT_EQ(missing_flushes(run, "d"), "");
    run.stale.reset();
    EXPECT_EQ(missing_flushes(run, "d"), "");
}

}  // namespace
