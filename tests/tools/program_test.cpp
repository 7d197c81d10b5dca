// SPDX-License-Identifier: LGPL-2.1-or-later
// The zonescope program as a user meets it: exit statuses, and messages that say what to do.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdio>
#include <sstream>

#include "small_trace.hpp"
#include "test_paths.hpp"

namespace {

struct Result {
    int status;
    std::string output, errors;
};

// Runs the program in an unrelated directory, as it must work from anywhere.
Result zonescope(const std::string& arguments) {
    const tests::TemporaryDirectory directory;
    const std::string redirections = " >'" + (directory.path() / "out").string() + "' 2>'" + (directory.path() / "err").string() + "'";
    const int status = std::system(("cd / && '" + tests::program().string() + "' " + arguments + redirections).c_str());
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, tests::read_file(directory.path() / "out"), tests::read_file(directory.path() / "err")};
}

void expect_wrong(const std::string& arguments, const std::string& message) {
    const Result r = zonescope(arguments);
    EXPECT_EQ(r.status, 2) << arguments;
    EXPECT_EQ(r.output, "") << arguments;
    EXPECT_NE(r.errors.find(message), std::string::npos) << arguments << ": " << r.errors;
    EXPECT_EQ(r.errors.rfind("zonescope: ", 0), 0u) << r.errors;
    EXPECT_EQ(r.errors.find('\n'), r.errors.size() - 1) << "one line: " << r.errors;
}

std::string golden() { return (tests::data_directory() / "small").string(); }

TEST(Program, HelpAndVersion) {
    EXPECT_EQ(zonescope("--version").status, 0);
    EXPECT_EQ(zonescope("--version").output.rfind("zonescope ", 0), 0u);
    for (const char* verb : {"", "record", "sweep", "stat", "annotate", "diff", "export", "replay", "report", "dump", "view", "stale", "check", "claims", "debug", "linux-image", "profiles", "completion"}) {
        const Result r = zonescope(std::string{verb} + " --help");
        EXPECT_EQ(r.status, 0) << verb;
        EXPECT_NE(r.output.find("Usage: zonescope"), std::string::npos) << verb;
        std::istringstream text{r.output};
        unsigned lines = 0;
        for (std::string line; std::getline(text, line); ++lines) EXPECT_LE(line.size(), 80u) << line;
        EXPECT_LE(lines, std::string{verb} == "record" ? 32u : 24u) << verb << " fits a screen";
        EXPECT_EQ(r.errors, "") << verb;
    }
}

TEST(Program, HelpAllHasWhatHelpLeavesOut) {
    const std::string some = zonescope("record --help").output, all = zonescope("record --help-all").output;
    for (const char* text : {"--cpus N", "--stop-on-stale", "--save DIR", "Workloads: null-syscall"}) {
        EXPECT_EQ(some.find(text), std::string::npos) << text;
        EXPECT_NE(all.find(text), std::string::npos) << text;
    }
    EXPECT_NE(some.find("more options: --help-all"), std::string::npos);
    EXPECT_EQ(zonescope("stat --help").output.find("--help-all"), std::string::npos) << "nothing is left out";
    EXPECT_NE(zonescope("claims --help-all").output.find("Claims: "), std::string::npos);
    EXPECT_EQ(zonescope("record --cpus 0 -o /dev/null/x").status, 2) << "it is an option all the same";
}

TEST(Program, WrongUsageIsStatus2AndNamesWhatIsRight) {
    expect_wrong("", "a verb is missing; one of record, sweep, stat, annotate, diff, dump, export, replay, report, view, stale, check, claims, debug, linux-image, profiles, completion");
    expect_wrong("frobnicate", "frobnicate: no such verb; one of record, sweep, stat, annotate, diff, dump, export, replay, report, view, stale, check, claims, debug, linux-image, profiles, completion");
    expect_wrong("--frob", "--frob: not expected here; the options are");
    expect_wrong("record --frob", "--frob: not expected here; the options are");
    expect_wrong("record", "-o is required");
    expect_wrong("record --split 5:5 -o /dev/null/x", "--split 5:5: not known; give one of 3:1, 2:2, 1:3, 4:4");
    expect_wrong("record --paging magic -o /dev/null/x", "--paging magic: not known; give one of classic, pae");
    expect_wrong("record --memory 3X -o /dev/null/x", "--memory 3X: not a size");
    expect_wrong("record --memory 4M -o /dev/null/x", "--memory 4M: the kernel needs 8M at the least");
    expect_wrong("record --profile p9 -o /dev/null/x", "--profile p9: not known; give some of i486, p5");
    expect_wrong("record --workload nap -o /dev/null/x", "--workload nap: not known; give one of null-syscall");
    expect_wrong("record --timeout -1 -o /dev/null/x", "--timeout");
    expect_wrong("record --instructions zero -o /dev/null/x", "--instructions");
    expect_wrong("record --zones dma:0-16M -o /dev/null/x", "--zones");
    expect_wrong("record --image /dev/null/none/image -o /dev/null/x", "/dev/null/none/image: cannot be read");
    expect_wrong("record -o /usr", "/usr: is not empty and no former trace");
    expect_wrong("sweep --splits 9:9 -o /dev/null/x", "--splits 9:9: not known; give one of 3:1, 2:2, 1:3, 4:4");
    expect_wrong("sweep -o /usr", "/usr: is not empty and no former sweep");
    expect_wrong("stat", "DIR is required");
    expect_wrong("stat /dev/null/none", "/dev/null/none: no such directory; `zonescope record -o DIR` makes one");
    expect_wrong("stat /usr", "/usr: is no trace directory");
    expect_wrong("stat --json --csv " + golden(), "--json excludes --csv");
    expect_wrong("dump --event nap " + golden(), "--event nap: not known; give one of state, cr0_write");
    expect_wrong("dump --region nap " + golden(), "--region nap: not known; give one of user, lowmem, pkmap, other");
    expect_wrong("dump --task nap " + golden(), "--task nap: did not run; these did: cr3 00001000");
    expect_wrong("dump --symbol nap " + golden(), "give its ELF file or its System.map with --symbols");
    expect_wrong("annotate --sort nap " + golden(), "--sort nap: not known; give one of walks, cycles, faults, flushes, address");
    expect_wrong("annotate --symbols /dev/null " + golden(), "/dev/null: has no symbols of functions");
    expect_wrong("annotate --code /dev/null/none " + golden(), "/dev/null/none: cannot be read");
    expect_wrong("annotate " + golden() + " nap", "nap: the guest's functions are not known");
    expect_wrong("diff --symbols /dev/null " + golden() + " " + golden(), "/dev/null: has no symbols of functions");
    expect_wrong("export --symbols /dev/null --format perfetto -o /dev/null/x " + golden(), "/dev/null: has no symbols of functions");
    expect_wrong("dump --zone nap " + golden(), "--zone nap: not known; give one of DMA, NORMAL, HIGHMEM, other");
    expect_wrong("record --instructions 1.5 -o /dev/null/x", "--instructions: '1.5' is not a whole number above 0");
    expect_wrong("record -o /" + std::string(300, 'x'), "xxx: File name too long; check");
    expect_wrong("sweep -j 1.5 -o /dev/null/x", "-j: '1.5' is not a whole number above 0");
    expect_wrong("dump --limit -1 " + golden(), "--limit: '-1' is not a whole number");
    expect_wrong("dump --from -1 " + golden(), "--from: '-1' is not a whole number");
    expect_wrong("dump --to soon " + golden(), "--to: 'soon' is not a whole number");
    expect_wrong("claims", "-o is required");
    expect_wrong("claims nonsense -o /dev/null/x", "nonsense: no such claim; give one of zones, limit-896");
    expect_wrong("claims bits-64 -o /dev/null/x", "bits-64: has no experiment yet");
    expect_wrong("claims zones -o /usr", "/usr: is not empty and no former run of claims");
    expect_wrong("claims -j 0 -o /dev/null/x", "-j: '0' is not a whole number above 0");
    expect_wrong("linux-image -o /dev/null/x", "--kernel is required");
    expect_wrong("linux-image --kernel /dev/null/none -o /dev/null/x", "/dev/null/none: cannot be read; --kernel takes a bzImage");
    expect_wrong("linux-image --kernel " + tests::program().string() + " -o /dev/null/x", "is an ELF file, such as vmlinux");
    expect_wrong("check /dev/null/none", "/dev/null/none: no such directory");
    expect_wrong("profiles p9", "no such CPU profile; known: ");
}

TEST(Program, ReadsATrace) {
    EXPECT_EQ(zonescope("check " + golden()).status, 0);
    EXPECT_NE(zonescope("check " + golden()).output.find("sound, complete"), std::string::npos);
    EXPECT_NE(zonescope("stat " + golden()).output.find("null-syscall"), std::string::npos);
    EXPECT_NE(zonescope("stat --json " + golden()).output.find("\"walk_cycles\""), std::string::npos);
    EXPECT_EQ(zonescope("stat --csv " + golden()).output.rfind("section,name,metric,profile,value\n", 0), 0u);
    EXPECT_NE(zonescope("dump --limit 3 " + golden()).output.find("span_name"), std::string::npos);
    EXPECT_NE(zonescope("profiles").output.find("p6"), std::string::npos);
    EXPECT_NE(zonescope("profiles p6").output.find("cost.mov_cr3"), std::string::npos);
}

// A golden trace without its report, whose run.json has `stale` so.
std::string stale_of(const std::string& stale) {
    const tests::TemporaryDirectory directory;
    tests::StreamBuilder b{tests::SmallTrace::state()};
    b.add(1, mm::trace::Mark{1});
    std::string run = tests::SmallTrace::run_json();
    const size_t at = run.find(",\n  \"stale\""), end = run.find('}', at) + 1;
    tests::write_trace(directory.path(), b.bytes(), run.replace(at, end - at, stale));
    const Result r = zonescope("stale " + directory.path().string());
    return std::to_string(r.status) + r.errors.substr(0, r.errors.find(directory.path().string())) + r.errors.substr(r.errors.find(": ") == std::string::npos ? 0 : r.errors.rfind(": "));
}

TEST(Program, StaleSaysByItsStatusWhatItFound) {
    EXPECT_EQ(zonescope("stale " + golden()).status, 1);
    EXPECT_EQ(zonescope("stale --json " + golden()).status, 1);
    EXPECT_EQ(stale_of(R"(, "stale": {"mode": "used"})"), "0");
    EXPECT_EQ(stale_of(R"(, "stale": {"mode": "off"})"), "2zonescope: : was recorded with --stale off; record again without it\n");
    EXPECT_EQ(stale_of(""), "2zonescope: : was recorded by a zonescope that did not look for missing flushes; record again\n");
    expect_wrong("stale --symbols /dev/null " + golden(), "/dev/null: has no symbols of functions; give a 32-bit ELF file that is not stripped, or a System.map");
    expect_wrong("record --stale sometimes -o /dev/null/x", "--stale sometimes: not known; give one of off, used, speculative");
    expect_wrong("record --stale off --stop-on-stale -o /dev/null/x", "--stop-on-stale: needs the search that --stale off turns off");
}

TEST(Program, NoEscapeSequencesOutsideATerminal) {
    for (const char* verb : {"stat ", "dump ", "stale ", "check "}) EXPECT_EQ(zonescope(verb + golden()).output.find('\033'), std::string::npos) << verb;
}

TEST(Program, CostsCanBeChangedAfterTheRecording) {
    const std::string file = (tests::data_directory() / "golden.toml").string();
    EXPECT_EQ(zonescope("stat --profile '" + file + "' " + golden()).status, 0);
    expect_wrong("stat --profile /dev/null/none/p.toml " + golden(), "/dev/null/none/p.toml: cannot be read");
}

TEST(Program, ABrokenTraceIsStatus1ForCheckAndStatus2ForTheOthers) {
    const tests::TemporaryDirectory directory;
    tests::SmallTrace::write(directory.path());
    const std::string stream = tests::read_file(directory.path() / "cpu0");
    tests::write_file(directory.path() / "cpu0", stream.substr(0, stream.size() - 5));
    const Result check = zonescope("check " + directory.path().string());
    EXPECT_EQ(check.status, 1);
    EXPECT_NE(check.errors.find("cpu0: offset 0: "), std::string::npos) << check.errors;
    EXPECT_EQ(zonescope("stat " + directory.path().string()).status, 2);
    EXPECT_EQ(zonescope("dump " + directory.path().string()).status, 2);
}

TEST(Program, AnIncompleteTraceIsSoundAndSaysSo) {
    const tests::TemporaryDirectory directory;
    tests::write_trace(directory.path(), tests::SmallTrace::stream(), tests::SmallTrace::run_json(false));
    const Result check = zonescope("check " + directory.path().string());
    EXPECT_EQ(check.status, 0);
    EXPECT_NE(check.output.find("incomplete"), std::string::npos);
    const Result stat = zonescope("stat " + directory.path().string());
    EXPECT_EQ(stat.status, 0);
    EXPECT_NE(stat.errors.find("the recording was cut off (Bochs was killed, or records still)"), std::string::npos);
}

TEST(Program, OutputThatCannotBeWrittenIsAFailure) {
    const int status = std::system(("'" + tests::program().string() + "' stat " + golden() + " >/dev/full 2>/dev/null").c_str());
    EXPECT_EQ(WEXITSTATUS(status), 1);
}

}  // namespace
