// SPDX-License-Identifier: LGPL-2.1-or-later
// The command line of a recording.
#include "record_arguments.hpp"

#include <cstdlib>
#include <iostream>

#include <CLI/CLI.hpp>

#include "command_line.hpp"
#include "help.hpp"
#include "profile_selection.hpp"
#include "saved_boot.hpp"
#include "system_map.hpp"

namespace tools {
namespace {

constexpr char default_zones[] = "dma:0-16M,normal:16M-896M,highmem:896M-";

// What cannot serve is said, and the recording goes on without it.
std::string usable_system_map(const std::string& file) {
    const std::string problem = system_map_problem(file);
    if (problem.empty()) return file;
    std::cerr << "zonescope: " << file << ": " << problem << "; the zones are those of --zones\n";
    return {};
}

// The machine is that of the saved boot; what was given must be the same.
void resume(RecordArguments& o) {
    RecordOptions& r = o.record;
    const RecordOptions saved = read_saved_boot(r.resume_from).options;
    const auto model = [](const std::string& cpu) { return cpu.empty() ? default_cpu_model : cpu; };
    const struct { const char* option; std::string given, saved; } all[] = {
        {"--memory", std::to_string(parse_memory(o.memory, "--memory")) + "M", std::to_string(saved.memory_mib) + "M"},
        {"--cpu", model(r.cpu_model), model(saved.cpu_model)}, {"--split", r.split, saved.split}, {"--paging", r.paging, saved.paging},
        {"--workload", r.workload, saved.workload}, {"--initramfs", r.initramfs, saved.initramfs}, {"--append", r.append, saved.append},
        {"--image", o.image.empty() ? "" : std::filesystem::absolute(o.image).string(), saved.image.string()}};
    for (const auto& each : all)
        if (o.given.count(each.option) && each.given != each.saved)
            throw InputError{std::string{each.option} + " " + each.given, "the saved boot has " + (each.saved.empty() ? "none" : each.saved) + "; leave the option out, or save another boot"};
    r.cpu_model = saved.cpu_model, r.split = saved.split, r.paging = saved.paging, r.workload = saved.workload;
    r.initramfs = saved.initramfs, r.append = saved.append, r.zones = saved.zones;
    o.memory = all[0].saved, o.image = saved.image.string();
    if (o.system_map.empty()) o.system_map = saved.system_map.string();
}

}  // namespace

std::string guest_title(const RecordOptions& o) {
    return o.image.empty() ? o.split + " " + o.paging + " " + std::to_string(o.memory_mib) + "M" : o.image.filename().string();
}

void complete_options(RecordArguments& o, const char* verb) {
    RecordOptions& r = o.record;
    if (o.output.empty() && r.save.empty()) throw InputError{verb, "-o is required: the trace directory to make"};
    if (!r.resume_from.empty()) resume(o);
    if (o.output.empty()) r.record = false, o.output = (r.save / "boot").string();
    if (!r.record && !r.from_mark.empty()) throw InputError{"--from-mark", "says where a recording starts; give it a directory with -o"};
    r.memory_mib = parse_memory(o.memory, "--memory");
    r.profiles = profile_words(o.profiles);
    r.image = o.image;
    r.output = o.output;
    if (!o.zones.empty() && o.image.empty()) throw InputError{"--zones", "is for --image: zonescope's own kernels publish their zones"};
    if (!o.system_map.empty() && o.image.empty()) throw InputError{"--system-map", "is for --image: zonescope's own kernels publish their zones"};
    if (!o.system_map.empty()) r.system_map = usable_system_map(o.system_map);
    if (!o.image.empty() && !o.for_our_kernel.empty())
        std::cerr << "zonescope: " << join(o.for_our_kernel) << ": without effect: for zonescope's own kernels, not for --image\n";
    if (!o.zones.empty()) r.zones = parse_zones(o.zones, r.memory_mib);
    else if (!o.image.empty() && r.zones.empty()) r.zones = parse_zones(default_zones, r.memory_mib);
}

std::function<std::string(const std::string&)> positive_number() {
    return [](const std::string& text) -> std::string {
        char* end = nullptr;
        const double value = std::strtod(text.c_str(), &end);
        return *end == 0 && value > 0 && value < 1e18 ? "" : "'" + text + "' is not a number above 0";
    };
}

void add_stale_options(CLI::App& verb, RecordOptions& o) {
    verb.add_option("--stale", o.stale, "Missing TLB flushes: off, used (what was used counts as cached, the default), or speculative")->type_name("MODE")->group(rare_options);
    verb.add_flag("--stop-on-stale", o.stop_on_stale, "Stop at the first missing TLB flush, with status 1")->group(rare_options);
}

void add_mark_options(CLI::App& verb, RecordOptions& o) {
    verb.add_option("--from-mark", o.from_mark, "Begin here: FUNCTION, 0xADDRESS, instructions:N, serial:TEXT, console:TEXT, mark:N, span:NAME")
        ->type_name("M");
    verb.add_option("--until", o.until, "End the run, well, at this: as --from-mark")->type_name("M");
    verb.add_option("--symbols", o.symbols, "The guest's ELF file or System.map: functions' names, in marks and reports (default: our kernel's)")->type_name("FILE")->group(rare_options);
}

void add_record_arguments(CLI::App& verb, RecordArguments& o, const std::string& gui) {
    RecordOptions& r = o.record;
    verb.add_option("--split", r.split, "User:kernel split of our kernel: " + join(split_names()) + " (default 3:1)")->type_name("U:K");
    verb.add_option("--paging", r.paging, "classic or pae (default classic)")->type_name("P");
    verb.add_option("--memory", o.memory, "The guest's memory, such as 512M or 4G (default 1G)")->type_name("SIZE");
    verb.add_option("--profile", o.profiles, "CPU profiles to model: names, .toml files, or all (default p6)")->type_name("P[,P...]");
    verb.add_option("--workload", r.workload, "What our kernel measures: all, none (boot and power off), or some of those that --help-all lists (default all)")
        ->type_name("W[,W...]");
    verb.add_option("--initramfs", r.initramfs, "Where our kernel's programs are: embedded (in its image, the default) or module (a boot module)")
        ->type_name("PLACE");
    verb.add_option("--append", r.append, "More words for our kernel's command line")->type_name("ARGS");
    verb.add_option("--image", o.image, "Boot this ISO or raw disk image instead of our kernel")->type_name("FILE");
    verb.add_option("--system-map", o.system_map, "System.map of the 32-bit Linux in --image: its zones and regions are read from its memory")->type_name("FILE");
    verb.add_option("--zones", o.zones, std::string{"Zones of a guest that publishes none (default "} + default_zones + ")")->type_name("SPEC");
    verb.add_option("--cpu", r.cpu_model, "Bochs' CPU model (default p4_prescott_celeron_336), and features to add")->type_name("MODEL[+F...]");
    verb.add_option("--cpus", r.cpus, "How many CPUs the guest has (default 1)")->type_name("N")->check(whole_number(1));
    verb.add_option("--instructions", r.instructions, "End the run, well, after so many instructions")->type_name("N")->check(whole_number(1));
    verb.add_option("--timeout", r.timeout, "Stop the run, with status 1, after so many seconds")->type_name("S")->check(positive_number());
    verb.add_flag("--references", r.references, "Record every lookup, some 4 bytes each, and not only those that miss");
    add_stale_options(verb, r);
    add_mark_options(verb, r);
    CLI::Option* const live = verb.add_option("--live", r.live, "Let viewers look on, over this socket (default: DIR/.zonescope/live): zonescope view --live SOCKET");
    live->type_name("=SOCKET")->expected(0, 1)->group(rare_options);
    verb.add_flag("--gui", r.gui, gui);
    verb.add_option("--save", r.save, "Save the machine at --until into this directory; without -o nothing is recorded")->type_name("DIR");
    verb.add_option("--resume-from", r.resume_from, "Go on from a machine that --save made, and record from there")->type_name("DIR");
    verb.add_option("-o", o.output, "Trace directory to make; a former trace in it is replaced")->type_name("DIR");
    make_rare(verb, {"--initramfs", "--zones", "--cpu", "--cpus", "--gui", "--save", "--resume-from"});
    verb.footer("Workloads: " + join(workload_names()));
}

void note_given(const CLI::App& verb, RecordArguments& o) {
    for (const char* option : {"--split", "--paging", "--workload", "--initramfs", "--append"})
        if (verb.count(option)) o.for_our_kernel.emplace_back(option);
    for (const char* option : {"--split", "--paging", "--workload", "--initramfs", "--append", "--image", "--memory", "--cpu"})
        if (verb.count(option)) o.given.emplace(option);
}

}  // namespace tools
