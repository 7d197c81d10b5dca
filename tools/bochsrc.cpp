// SPDX-License-Identifier: LGPL-2.1-or-later
// Writes Bochs configuration files.
#include "bochsrc.hpp"

#include <algorithm>

#include "error.hpp"
#include "paths.hpp"
#include "run_info.hpp"

namespace tools {
namespace {

constexpr uint64_t most_host_memory = 2048;      // MiB that Bochs holds at once; the rest goes to a file
constexpr size_t longest_word = 480;             // bytes; Bochs' buffers have 512, for the option's name, too
constexpr unsigned turn = 16;                    // instructions that one of several CPUs may execute before the next: Bochs' default
constexpr unsigned large_block_kib = 8192;       // Bochs searches its blocks one by one: few large ones for a large guest

// Bochs takes anything between double quotes but these, and replaces $NAME by the environment's. It keeps no longer words.
std::string quoted_word(const std::string& text, const std::string& what) {
    if (text.find_first_of("\"$\n") != std::string::npos) throw InputError{text, "Bochs cannot use " + what + " with a double quote, a dollar sign or a line break in it; choose another"};
    if (text.size() > longest_word) throw InputError{text, "Bochs cannot use " + what + " of more than " + std::to_string(longest_word) + " bytes; choose another"};
    return "\"" + text + "\"";
}
std::string quoted(const std::filesystem::path& path) { return quoted_word(path.string(), "a path"); }

std::string memory_line(uint64_t mib) {
    const std::string guest = "memory: guest=" + std::to_string(mib);
    if (mib <= most_host_memory) return guest + ", host=" + std::to_string(mib) + "\n";
    return guest + ", host=" + std::to_string(most_host_memory) + ", block_size=" + std::to_string(large_block_kib) + "\n";
}

// flat: what the guest writes goes into the file, which is a temporary one.
std::string data_lines(const DataMedia& data) {
    if (data.disk.empty()) return "ata1: enabled=0\n";
    return "ata1: enabled=1, ioaddr1=0x170, ioaddr2=0x370, irq=15\nata1-master: type=disk, mode=flat, path=" + quoted(data.disk) +
           "\nfloppya: 1_44=" + quoted(data.floppy) + ", status=inserted\n";
}

// MODEL[+FEATURE...]
std::string cpu_words(const std::string& cpu) {
    const size_t plus = cpu.find('+');
    const std::string model = cpu.substr(0, plus);
    std::string words = model.empty() ? default_cpu_model : model;
    if (plus == std::string::npos) return words;
    std::string features = cpu.substr(plus + 1);
    std::replace(features.begin(), features.end(), '+', ' ');
    return words + ", add_features=\"" + features + "\"";
}

std::string boot_lines(const MachineOptions& o) {
    if (o.medium == MachineOptions::Medium::cdrom) return "boot: cdrom\nata0-master: type=cdrom, path=" + quoted(o.image) + ", status=inserted\n";
    // volatile: what the guest writes is forgotten, the image stays as it is.
    return "boot: disk\nata0-master: type=disk, mode=volatile, path=" + quoted(o.image) + ", journal=" + quoted(o.scratch / "journal") + "\n";
}

}  // namespace

std::string bochsrc_text(const MachineOptions& o) {
    std::string text = "# Written by `zonescope record`; the boot medium was a temporary file.\n";
    text += "romimage: file=" + quoted(paths().bios) + ", options=fastboot\nvgaromimage: file=" + quoted(paths().vga_bios) + "\n";
    text += std::string{"display_library: "} + (!o.gui ? "nogui" : o.debugger ? "sdl2, options=\"gui_debug\"" : "sdl2") + "\nconfig_interface: textconfig\n";
    text += "cpu: model=" + cpu_words(o.cpu_model) + ", count=" + std::to_string(o.cpus) + ", ips=" +
            std::to_string(instructions_per_second) + (o.cpus > 1 ? ", quantum=" + std::to_string(turn) : "") + ", reset_on_triple_fault=0\n";
    // Time follows the instructions, not the host's clock, and starts at the same moment.
    text += "clock: sync=none, time0=946684800\n";
    text += memory_line(o.memory_mib);
    text += "ata0: enabled=1, ioaddr1=0x1f0, ioaddr2=0x3f0, irq=14\n" + data_lines(o.data) + boot_lines(o);
    text += "port_e9_hack: enabled=1\ncom1: enabled=1, mode=file, dev=" + quoted(o.trace / hidden_directory / serial_file) + "\n";
    text += "log: " + quoted(o.trace / ".zonescope/bochs.log") + "\nlogprefix: %t%e%d\n";
    text += std::string{"panic: action="} + (o.debugger ? "report" : "fatal") + "\nerror: action=report\ninfo: action=ignore\ndebug: action=ignore\n";
    text += "zonescope: enabled=1, output=" + quoted(o.trace);
    for (const ModelledProfile& p : o.profiles) text += p.geometry.empty() ? ", profile=" + p.name : ", geometry=\"" + p.geometry + "\"";
    if (o.references) text += ", references=1";
    if (!o.stale.empty()) text += ", stale=" + o.stale;
    if (o.stop_on_stale) text += ", stop_on_stale=1";
    if (o.instructions) text += ", instructions=" + std::to_string(o.instructions);
    if (!o.split.empty()) text += ", split=" + o.split + ", paging=" + o.paging;
    text += "\n";
    // Lines of their own: Bochs reads no more than 511 bytes of one.
    if (o.start) text += "zonescope: start=\"" + to_word(o.start) + "\"\n";
    if (!o.record) text += "zonescope: record=0\n";
    if (!o.save.empty()) text += "zonescope: save=" + quoted(o.save) + "\n";
    if (!o.restored.empty()) text += "zonescope: restored=" + quoted(o.restored) + "\n";
    if (!o.live.empty()) text += "zonescope: live=" + quoted(o.live) + "\n";
    if (o.until) text += "zonescope: until=\"" + to_word(o.until) + "\"\n";
    if (!o.zones.empty()) text += "zonescope: zones=" + quoted_word(o.zones, "a list of zones") + "\n";
    if (!o.system_map.empty()) text += "zonescope: system_map=" + quoted(o.system_map) + "\n";
    return text;
}

}  // namespace tools
