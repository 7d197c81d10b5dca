// SPDX-License-Identifier: LGPL-2.1-or-later
// Starts Bochs, watches it, and turns its end into an outcome.
#include "recorder.hpp"

#include <signal.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <fstream>

#include <nlohmann/json.hpp>

#include "address_map.hpp"
#include "bochsrc.hpp"
#include "boot_medium.hpp"
#include "child_process.hpp"
#include "command_line.hpp"
#include "interruption.hpp"
#include "mm/layout.hpp"
#include "mm/mmu_model.hpp"
#include "mm/trace.hpp"
#include "paths.hpp"
#include "temporary_directory.hpp"

namespace tools {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds poll_interval{200};
constexpr std::chrono::seconds grace{10};  // from SIGTERM to SIGKILL: time to write the last packet

std::string kernel_name(const RecordOptions& o) {
    std::string split = o.split;
    std::replace(split.begin(), split.end(), ':', '-');
    return "kernel-" + split + "-" + o.paging + ".elf";
}

bool is_part_of_trace(const std::string& name) { return name == "metadata" || name == hidden_directory || name.rfind("cpu", 0) == 0; }

// A recording, also one that failed early, and nothing that is not ours.
bool is_former_trace(const fs::path& directory) {
    for (const auto& entry : fs::directory_iterator{directory})
        if (!is_part_of_trace(entry.path().filename().string())) return false;
    return fs::exists(directory / hidden_directory);
}

void check_output(const fs::path& directory) {
    if (directory.empty()) throw InputError{"-o", "names no directory"};
    if (!fs::exists(directory)) return;
    if (!fs::is_directory(directory)) throw InputError{directory.string(), "is a file; give a new directory to -o"};
    if (!fs::is_empty(directory) && !is_former_trace(directory))
        throw InputError{directory.string(), "is not empty and no former trace, so it is left alone; give a new directory to -o"};
}

// A former trace's files and nothing else.
void clear_output(const fs::path& directory) {
    std::error_code error;
    fs::create_directories(directory, error);
    if (error) throw InputError{directory.string(), "cannot be made: " + error.message()};
    for (const auto& entry : fs::directory_iterator{directory})
        if (is_part_of_trace(entry.path().filename().string())) fs::remove_all(entry.path());
    fs::create_directory(directory / hidden_directory, error);
    if (error) throw Failure{directory.string(), "cannot be written: " + error.message()};
}

// Reads the headers of the packets that a growing stream has so far.
class StreamFollower final {
public:
    explicit StreamFollower(const fs::path& file) : file_{file} {}
    void follow() {
        std::ifstream in{file_, std::ios::binary};
        mm::trace::PacketHeader h;
        while (in.seekg(static_cast<std::streamoff>(bytes_)) && in.read(reinterpret_cast<char*>(&h), sizeof h)) {
            if (h.magic != mm::trace::packet_magic || h.packet_bits < 8 * sizeof h) return;
            bytes_ += h.packet_bits / 8;
            ticks_ = h.end_ticks;
        }
    }
    [[nodiscard]] uint64_t ticks() const { return ticks_; }
    [[nodiscard]] uint64_t bytes() const { return bytes_; }

private:
    fs::path file_;
    uint64_t ticks_ = 0, bytes_ = 0;
};

enum class Stop : uint8_t { none, timeout, interrupted };

// Waits for Bochs to end. Stops it, so that it can close the trace, at the time limit or when the user interrupts.
Stop watch(ChildProcess& bochs, const RecordOptions& o, const RecordProgress& progress, int& wait_status) {
    StreamFollower follower{o.output / "cpu0"};
    const auto start = Clock::now();
    Stop stop = Stop::none;
    Clock::time_point stopped_at;
    for (;;) {
        if (const auto status = bochs.wait(poll_interval)) return wait_status = *status, stop;
        follower.follow();
        progress(follower.ticks(), follower.bytes());
        const auto now = Clock::now();
        if (stop == Stop::none) {
            if (interrupted()) stop = Stop::interrupted;
            else if (o.timeout > 0 && now - start >= std::chrono::duration<double>{o.timeout}) stop = Stop::timeout;
            if (stop != Stop::none) bochs.signal(SIGTERM), stopped_at = now;
        } else if (now - stopped_at > grace) {
            bochs.signal(SIGKILL);
        }
    }
}

// The CPU models that this Bochs was built with, as it lists them.
std::vector<std::string> cpu_models() {
    const TemporaryDirectory scratch;
    const fs::path list = scratch.path() / "models";
    ChildProcess bochs{{paths().bochs.string(), "--help", "cpu"}, {scratch.path(), list, list}};
    while (!bochs.wait(std::chrono::seconds{1})) {}
    std::vector<std::string> models;
    std::ifstream in{list};
    for (std::string line; std::getline(in, line);)
        if (!line.empty() && line.find_first_of(" :[=") == std::string::npos) models.push_back(line);
    return models;
}

// What Bochs gave as its last words, without its own decoration; the end of the file if it gave none.
std::string last_words(const fs::path& errors) {
    constexpr char heading[] = "Bochs is exiting with the following message:\n";
    const std::string text = tail_of(errors, 2000);
    const size_t at = text.find(heading);
    if (at == std::string::npos) return tail_of(errors);
    const size_t start = at + sizeof heading - 1;
    return text.substr(start, text.find('\n', start) - start);
}

std::vector<std::string> failed_tests(const fs::path& console) {
    std::vector<std::string> lines;
    std::ifstream in{console};
    for (std::string line; std::getline(in, line);) {
        while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.pop_back();
        if (line.rfind("not ok", 0) == 0 && line.find("# TODO") == std::string::npos) lines.push_back(line);
    }
    return lines;
}

// What only we know goes into run.json as well: why we stopped Bochs, and zones that the user gave.
void amend_run_file(const RecordOptions& o, Stop stop) {
    const fs::path file = o.output / hidden_directory / run_file;
    std::ifstream in{file};
    auto document = nlohmann::ordered_json::parse(in, nullptr, false);
    if (document.is_discarded() || !document.is_object()) return;
    bool changed = false;
    if (stop == Stop::timeout && document["end"]["reason"] == name(EndReason::interrupted)) {
        document["end"]["reason"] = name(EndReason::timeout);
        document["end"]["detail"] = "--timeout";
        changed = true;
    }
    if (!o.zones.empty() && (!document.contains("zones") || document["zones"].empty())) {
        for (const ZoneInfo& z : o.zones)
            document["zones"].push_back({{"name", z.name}, {"node", 0}, {"start_pfn", z.start_pfn}, {"end_pfn", z.end_pfn}, {"present_pages", z.present_pages}});
        changed = true;
    }
    if (!changed) return;
    const fs::path beside = file.string() + ".new";
    std::ofstream out{beside};
    out << document.dump(2) << '\n';
    out.close();
    if (!out) throw Failure{beside.string(), "cannot be written; is the disk full?"};
    fs::rename(beside, file);
}

// How the run ended, in words, and whether that is good.
void judge(RecordOutcome& outcome, const RecordOptions& o, int wait_status) {
    const RunInfo& run = outcome.run;
    const auto failed = [&](const std::string& problem) { outcome.status = Status::failed, outcome.problem = problem; };
    const std::string detail = run.detail.empty() ? "" : ": " + run.detail;
    const fs::path hidden = o.output / hidden_directory;
    switch (run.reason) {
    case EndReason::shutdown:
        if (run.guest_failures > 0) failed("the guest reports " + std::to_string(run.guest_failures) + " failures; its console is in " + (hidden / console_file).string());
        else if (run.guest_failures < 0 && o.image.empty()) failed("the guest powered off without a result; its console is in " + (hidden / console_file).string());
        else if (!outcome.guest_failures.empty()) failed("the guest's tests failed; its console is in " + (hidden / console_file).string());
        break;
    case EndReason::instructions: break;
    case EndReason::timeout: failed("--timeout was reached after " + std::to_string(o.timeout).substr(0, std::to_string(o.timeout).find('.') + 2) + " s; the trace is readable up to there"); break;
    case EndReason::triple_fault: failed("the guest's processor shut down (triple fault)" + detail); break;
    case EndReason::halt: failed("the guest halted with interrupts off: nothing can happen any more" + detail); break;
    case EndReason::interrupted: failed("interrupted; the trace is readable up to here"); break;
    case EndReason::disk_full: failed("the trace could not be written" + detail + "; free some space and record again"); break;
    case EndReason::error: failed("the recording failed" + detail + ": " + last_words(hidden / "bochs.stderr")); break;
    case EndReason::running:
        failed("Bochs ended unexpectedly (" + describe_wait_status(wait_status) + "): " + last_words(hidden / "bochs.stderr") + "; see " + (hidden / "bochs.log").string());
        break;
    }
}

RecordOutcome outcome_of(const RecordOptions& o, Stop stop, int wait_status) {
    const fs::path hidden = o.output / hidden_directory;
    if (!fs::exists(hidden / run_file)) {
        if (stop != Stop::none) throw Failure{o.output.string(), std::string{stop == Stop::timeout ? "--timeout was reached" : "interrupted"} + " before the guest started; there is no trace"};
        throw Failure{o.output.string(), "Bochs did not start recording (" + describe_wait_status(wait_status) + "): " + last_words(hidden / "bochs.stderr")};
    }
    amend_run_file(o, stop);
    RecordOutcome outcome;
    outcome.run = read_run_info(o.output);
    outcome.guest_failures = failed_tests(hidden / console_file);
    std::error_code error;
    const auto bytes = fs::file_size(o.output / "cpu0", error);
    outcome.stream_bytes = error ? 0 : bytes;
    judge(outcome, o, wait_status);
    return outcome;
}

MachineOptions machine_of(const RecordOptions& o, const fs::path& scratch) {
    MachineOptions m;
    m.scratch = scratch;
    m.trace = fs::absolute(o.output);
    m.memory_mib = o.memory_mib;
    m.cpu_model = o.cpu_model;
    m.gui = o.gui;
    m.profiles = o.profiles;
    m.instructions = o.instructions;
    if (!o.image.empty()) {
        m.image = fs::absolute(o.image);
        m.medium = medium_of(o.image);
        return m;
    }
    m.split = o.split, m.paging = o.paging;
    std::string command_line = "workload=" + o.workload;
    if (!o.append.empty()) command_line += " " + o.append;
    m.image = make_boot_iso(paths().kernels / kernel_name(o), command_line, scratch);
    return m;
}

}  // namespace

const std::vector<std::string>& split_names() {
    static const std::vector<std::string> names = [] {
        std::vector<std::string> all;
        for (const mm::Split s : mm::all_splits) all.push_back(mm::name(s));
        return all;
    }();
    return names;
}

const std::vector<std::string>& paging_names() {
    static const std::vector<std::string> names{"classic", "pae"};
    return names;
}

// As the guest has them: guest-kernel/workload/spans.hpp, which a test compares.
const std::vector<std::string>& workload_names() {
    static const std::vector<std::string> names{"null-syscall", "ctx-2p-0k", "ctx-2p-64k", "ctx-8p-0k", "ctx-8p-64k", "pagefault", "mmap", "ipc",
                                                "copy-from-user-low", "copy-from-user-high", "copy-to-user-low", "copy-to-user-high", "kmap", "kmap-low",
                                                "kmap-wrap", "kmap-atomic", "kmap-atomic-low", "kmalloc", "vmalloc", "touch-60", "touch-60-1000hz"};
    return names;
}

bool kernel_exists(const std::string& split, const std::string& paging) {
    RecordOptions o;
    o.split = split, o.paging = paging;
    return fs::exists(paths().kernels / kernel_name(o));
}

void check_record_options(const RecordOptions& o) {
    check_output(o.output);
    if (!fs::exists(paths().bochs)) throw InputError{paths().bochs.string(), "Bochs is not here; run `make` (or `./setup`) first"};
    if (o.gui && !std::getenv("DISPLAY") && !std::getenv("WAYLAND_DISPLAY") && !std::getenv("SDL_VIDEODRIVER"))
        throw InputError{"--gui", "there is no display here (DISPLAY is not set); record without it"};
    if (!o.cpu_model.empty()) (void)parse_choice(o.cpu_model, "--cpu", cpu_models());
    if (!o.image.empty()) return void(medium_of(o.image));
    (void)parse_choice(o.split, "--split", split_names());
    (void)parse_choice(o.paging, "--paging", paging_names());
    if (o.workload != "all" && o.workload != "none") {
        std::vector<std::string> known = workload_names();
        (void)parse_list(o.workload, "--workload", known);
    }
    const fs::path kernel = paths().kernels / kernel_name(o);
    if (fs::exists(kernel)) return;
    std::vector<std::string> available;
    for (const std::string& paging : paging_names()) {
        if (kernel_exists(o.split, paging)) available.push_back(paging);
    }
    if (available.empty()) throw InputError{kernel.string(), "the guest kernel is not here; run `make` (or `./setup`) first"};
    throw InputError{"--paging " + o.paging, "there is no such kernel for split " + o.split + " yet; available: " + join(available)};
}

RecordOutcome record(const RecordOptions& options, const RecordProgress& progress) {
    check_record_options(options);
    const TemporaryDirectory scratch;
    const MachineOptions machine = machine_of(options, scratch.path());
    clear_output(options.output);
    const fs::path hidden = options.output / hidden_directory, configuration = hidden / "bochsrc";
    std::ofstream out{configuration};
    out << bochsrc_text(machine);
    out.close();
    if (!out) throw Failure{configuration.string(), "cannot be written; is the disk full?"};
    int wait_status = 0;
    Stop stop = Stop::none;
    {
        ChildProcess bochs{{paths().bochs.string(), "-q", "-f", fs::absolute(configuration).string()},
                           {scratch.path(), fs::absolute(hidden / console_file), fs::absolute(hidden / "bochs.stderr")}};
        stop = watch(bochs, options, progress, wait_status);
    }
    return outcome_of(options, stop, wait_status);
}

std::vector<ZoneInfo> parse_zones(const std::string& text, uint64_t memory_mib) {
    const auto wrong = [&] { return InputError{"--zones " + text, "must look like dma:0-16M,normal:16M-896M,highmem:896M-"}; };
    const uint64_t ram_end = memory_mib << (20 - mm::page_shift);
    std::vector<ZoneInfo> zones;
    for (size_t from = 0; from <= text.size();) {
        const size_t comma = std::min(text.find(',', from), text.size());
        const std::string zone = text.substr(from, comma - from);
        from = comma + 1;
        const size_t colon = zone.find(':'), dash = zone.find('-', colon == std::string::npos ? 0 : colon);
        if (colon == std::string::npos || colon == 0 || dash == std::string::npos) throw wrong();
        ZoneInfo info;
        info.name = zone.substr(0, colon);
        info.start_pfn = parse_bytes(zone.substr(colon + 1, dash - colon - 1), "--zones") >> mm::page_shift;
        const std::string end = zone.substr(dash + 1);
        info.end_pfn = end.empty() ? std::max(ram_end, info.start_pfn) : parse_bytes(end, "--zones") >> mm::page_shift;
        if (info.end_pfn < info.start_pfn || (!zones.empty() && info.start_pfn < zones.back().end_pfn)) throw wrong();
        const uint64_t present_end = std::min(info.end_pfn, ram_end), start = std::min(info.start_pfn, present_end);
        const uint64_t hole = std::min<uint64_t>(present_end, pc_hole_end) - std::min<uint64_t>({present_end, std::max<uint64_t>(start, pc_hole_start), pc_hole_end});
        info.present_pages = present_end - start - (start < pc_hole_end ? hole : 0);
        zones.push_back(info);
    }
    return zones;
}

}  // namespace tools
