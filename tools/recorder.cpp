// SPDX-License-Identifier: LGPL-2.1-or-later
// Starts Bochs and watches it.
#include "recorder.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>

#include "bochs_watch.hpp"
#include "bochsrc.hpp"
#include "boot_medium.hpp"
#include "child_process.hpp"
#include "command_line.hpp"
#include "debugger_script.hpp"
#include "paths.hpp"
#include "profile_geometry.hpp"
#include "profile_selection.hpp"
#include "record_live.hpp"
#include "record_outcome.hpp"
#include "run_marks.hpp"
#include "saved_boot.hpp"
#include "system_map.hpp"
#include "temporary_directory.hpp"

namespace tools {
namespace {

namespace fs = std::filesystem;

constexpr char plain_characters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 =,.:/_+-@%";
constexpr uint64_t least_memory = 8;  // MiB: the kernel is loaded at 4 MiB; the boot loader fails with less, and waits for a key

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

const fs::path& bochs_for(const RecordOptions& o) { return o.debugger ? paths().bochs_debug : o.cpus == 1 ? paths().bochs : paths().bochs_smp; }

void check_bochs(const RecordOptions& o) {
    if (o.cpus > most_cpus) throw InputError{"--cpus " + std::to_string(o.cpus), "zonescope follows " + std::to_string(most_cpus) + " at the most"};
    if (o.debugger && o.cpus > 1) throw InputError{"--cpus " + std::to_string(o.cpus), "Bochs is built with its debugger for guests with one CPU; leave it out"};
    if (fs::exists(bochs_for(o))) return;
    const char* const how = o.debugger ? "Bochs with its debugger is not here; run `make bochs-debug` in the build directory first"
                            : o.cpus == 1 ? "Bochs is not here; run `make` (or `./setup`) first"
                                        : "Bochs for several CPUs is not here; run `make bochs-smp` in the build directory first";
    throw InputError{bochs_for(o).string(), how};
}

// The functions' names are found in the copies later; the plugin reads that of System.map.
void keep(const fs::path& file, const fs::path& output, const char* name) {
    if (file.empty()) return;
    std::error_code error;
    fs::copy_file(file, output / hidden_directory / name, fs::copy_options::overwrite_existing, error);
    if (error) throw Failure{file.string(), "cannot be copied into the trace's directory: " + error.message()};
}

// The CPU models that this Bochs was built with, as it lists them.
std::vector<std::string> cpu_models(const fs::path& program) {
    const TemporaryDirectory scratch;
    const fs::path list = scratch.path() / "models";
    ChildProcess bochs{{program.string(), "--help", "cpu"}, {scratch.path(), list, list}};
    while (!bochs.wait(std::chrono::seconds{1})) {}
    std::vector<std::string> models;
    std::ifstream in{list};
    for (std::string line; std::getline(in, line);)
        if (!line.empty() && line.find_first_of(" :[=") == std::string::npos) models.push_back(line);
    return models;
}

// The image without its programs has their archive beside it.
BootFiles boot_files(const RecordOptions& o) {
    const fs::path kernel = kernel_file(o.split, o.paging);
    if (o.initramfs == "embedded") return {kernel, {}};
    fs::path without = kernel;
    without.replace_filename(kernel.stem().string() + "-module.elf");
    return {without, kernel.parent_path() / "initramfs.cpio"};
}

Symbols mark_symbols(const RecordOptions& o) {
    if (!o.symbols.empty()) return symbols_in(o.symbols);
    if (o.image.empty()) return symbols_in(kernel_file(o.split, o.paging));
    if (o.system_map.empty()) throw InputError{"--symbols", "is needed for a function's name: give the guest's ELF file, or its System.map"};
    return symbols_in(o.system_map);
}

plugin::RunMark mark_of(const RecordOptions& o, const std::string& text, const char* option) {
    return text.empty() ? plugin::RunMark{} : parse_mark(text, option, [&] { return mark_symbols(o); });
}

void check_mark(const RecordOptions& o, const std::string& text, const char* option) {
    if (mark_of(o, text, option).kind == plugin::RunMark::Kind::address && o.cpus > 1)
        throw InputError{option + (" " + text), "is an address, which guests with one CPU only can wait for; use another mark, or leave out --cpus"};
}

MachineOptions machine_of(const RecordOptions& o, const std::vector<Profile>& profiles, const fs::path& scratch) {
    MachineOptions m;
    m.scratch = scratch;
    m.trace = fs::absolute(o.output);
    m.memory_mib = o.memory_mib;
    m.cpu_model = o.cpu_model;
    m.cpus = o.cpus;
    m.gui = o.gui;
    m.debugger = o.debugger;
    for (const Profile& p : profiles) m.profiles.push_back({p.name, is_built_in(p) ? "" : geometry_text(p)});
    m.references = o.references;
    if (o.stale != default_stale_mode) m.stale = o.stale;
    m.stop_on_stale = o.stop_on_stale;
    m.instructions = o.instructions;
    m.start = mark_of(o, o.from_mark, "--from-mark"), m.until = mark_of(o, o.until, "--until");
    m.record = o.record;
    m.live = live_socket(o);
    if (!o.save.empty()) m.save = fs::absolute(o.save);
    if (!o.resume_from.empty()) m.restored = fs::absolute(o.resume_from);
    if (!o.image.empty()) {
        m.image = fs::absolute(o.image);
        m.medium = medium_of(o.image);
        m.zones = zone_words(o.zones);
        if (!o.system_map.empty()) m.system_map = m.trace / hidden_directory / system_map_file;
        return m;
    }
    m.split = o.split, m.paging = o.paging;
    if (!o.resume_from.empty()) return restore_media(o.resume_from, m, scratch), m;
    std::string command_line = "workload=" + o.workload;
    if (!o.append.empty()) command_line += " " + o.append;
    m.data = make_data_media(scratch);
    m.image = make_boot_iso(boot_files(o), command_line, scratch);
    return m;
}

void check_kernel_options(const RecordOptions& o) {
    if (o.append.find_first_not_of(plain_characters) != std::string::npos)
        throw InputError{"--append " + o.append, "the boot loader would read some of these characters as its own; use letters, digits, blanks and =,.:/_+-@% only"};
    (void)parse_choice(o.split, "--split", split_names());
    (void)parse_choice(o.paging, "--paging", paging_names());
    (void)parse_choice(o.initramfs, "--initramfs", initramfs_places());
    if (o.memory_mib < least_memory)
        throw InputError{"--memory " + std::to_string(o.memory_mib) + "M", "the kernel needs " + std::to_string(least_memory) + "M at the least"};
    if (o.workload == "all" || o.workload == "none") return;
    (void)parse_list(o.workload, "--workload", workload_names());
}

void check_kernel_exists(const RecordOptions& o) {
    const fs::path kernel = kernel_file(o.split, o.paging);
    if (fs::exists(kernel)) return;
    std::vector<std::string> available;
    for (const std::string& paging : paging_names()) {
        if (kernel_exists(o.split, paging)) available.push_back(paging);
    }
    if (available.empty()) throw InputError{kernel.string(), "the guest kernel is not here; run `make` (or `./setup`) first"};
    throw InputError{"--paging " + o.paging, "there is no such kernel for split " + o.split + " yet; available: " + join(available)};
}

}  // namespace

fs::path kernel_file(const std::string& split, const std::string& paging) {
    std::string name = "kernel-" + split + "-" + paging + ".elf";
    std::replace(name.begin(), name.end(), ':', '-');
    return paths().kernels / name;
}

bool kernel_exists(const std::string& split, const std::string& paging) { return fs::exists(kernel_file(split, paging)); }

// What was asked for comes first, then what is installed: a wrong word is said also where nothing was built yet.
void check_record_options(const RecordOptions& o) {
    (void)select_profiles(o.profiles, "--profile");
    (void)parse_choice(o.stale, "--stale", stale_modes());
    if (o.stop_on_stale && o.stale == "off") throw InputError{"--stop-on-stale", "needs the search that --stale off turns off"};
    check_output(o.output);
    if (o.image.empty()) check_kernel_options(o);
    else (void)medium_of(o.image);
    if (!o.save.empty()) check_save(o);
    if (!o.resume_from.empty() && o.cpus > 1) throw InputError{"--cpus", "a saved boot has one CPU; leave it out"};
    if (o.gui && !std::getenv("DISPLAY") && !std::getenv("WAYLAND_DISPLAY") && !std::getenv("SDL_VIDEODRIVER"))
        throw InputError{"--gui", "there is no display here (DISPLAY is not set); record without it"};
    (void)live_socket(o);
    check_bochs(o);
    if (o.cpu_model == "i386") throw InputError{"--cpu i386", "the BIOS needs an i486 or later; it would shut the processor down"};
    if (const std::string model = o.cpu_model.substr(0, o.cpu_model.find('+')); !model.empty()) (void)parse_choice(model, "--cpu", cpu_models(bochs_for(o)));
    if (o.cpu_model.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_.-+") != std::string::npos)
        throw InputError{o.cpu_model, "--cpu is MODEL, or MODEL+FEATURE with a feature that Bochs knows"};
    if (o.image.empty()) check_kernel_exists(o);
    if (!o.symbols.empty()) (void)symbols_in(o.symbols);
    check_mark(o, o.from_mark, "--from-mark"), check_mark(o, o.until, "--until");
}

RecordOutcome record(const RecordOptions& options, const RecordProgress& progress) {
    check_record_options(options);
    const std::vector<Profile> profiles = select_profiles(options.profiles, "--profile");
    const TemporaryDirectory scratch;
    const MachineOptions machine = machine_of(options, profiles, scratch.path());
    const std::string text = bochsrc_text(machine);
    if (!options.save.empty()) prepare_save(options.save);
    clear_output(options.output);
    keep_profiles(profiles, options.output);
    keep(options.system_map, options.output, system_map_file);
    keep(options.symbols, options.output, symbols_file);
    const fs::path hidden = options.output / hidden_directory, configuration = hidden / "bochsrc";
    std::ofstream out{configuration};
    out << text;
    out.close();
    if (!out) throw Failure{configuration.string(), "cannot be written; is the disk full?"};
    std::vector<std::string> command{bochs_for(options).string(), "-q", "-f", fs::absolute(configuration).string()};
    if (!options.resume_from.empty()) command[2] = "-r", command[3] = restore_directory(options.resume_from, text, scratch.path()).string();
    if (options.debugger) add_debugger_arguments(command, options);
    int wait_status = 0;
    Stop stop = Stop::none;
    {
        ViewerStarter viewer{options};
        ChildProcess bochs{command, {scratch.path(), fs::absolute(hidden / console_file), fs::absolute(hidden / "bochs.stderr"), options.debugger}};
        const auto look = [&](uint64_t ticks, uint64_t bytes) { viewer.look(), progress(ticks, bytes); };
        stop = watch(bochs, options, look, wait_status);
    }
    RecordOutcome outcome = outcome_of(options, stop, wait_status);
    if (!options.save.empty() && outcome.status == Status::done) complete_save(options, machine);
    return outcome;
}

}  // namespace tools
