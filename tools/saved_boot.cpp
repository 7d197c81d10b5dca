// SPDX-License-Identifier: LGPL-2.1-or-later
// Writes and reads saved boots.
#include "saved_boot.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <fstream>
#include <vector>

#include <nlohmann/json.hpp>

#include "boot_medium.hpp"
#include "error.hpp"
#include "paths.hpp"
#include "sparse_file.hpp"
#include "system_map.hpp"

namespace tools {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

constexpr int saved_schema = 1;
constexpr uint64_t small_file = 65536;  // bytes: no holes are dug
constexpr const char* parts[] = {saved_boot_file, "machine", "published", "media", "boot", system_map_file};
constexpr char again[] = "; save the boot again";

// The user's image, or the kernel on our own medium.
fs::path medium_file(const RecordOptions& o) { return fs::absolute(o.image.empty() ? kernel_file(o.split, o.paging) : o.image); }

// When a disk image was changed last: Bochs compares it with what it keeps of the guest's writes. 0: a CD.
int64_t changed_at(const RecordOptions& o, const fs::path& file) {
    struct stat status {};
    if (o.image.empty() || medium_of(file) == MachineOptions::Medium::cdrom || stat(file.c_str(), &status) != 0) return 0;
    return int64_t{status.st_mtim.tv_sec} * 1'000'000'000 + status.st_mtim.tv_nsec;
}

// Of the program and the two BIOSes that the machine runs with.
std::string emulator_hash() { return content_hash({paths().bochs, paths().bios, paths().vga_bios}); }

// Of all that Bochs, the plugin and we put into the directory, but for saved.json itself.
std::string machine_hash(const fs::path& directory) {
    std::vector<fs::path> files{directory / "published"};
    for (const char* part : {"machine", "media"})
        for (const auto& entry : fs::directory_iterator{directory / part}) files.push_back(entry.path());
    if (fs::exists(directory / system_map_file)) files.push_back(directory / system_map_file);
    std::sort(files.begin(), files.end());
    return content_hash(files);
}

// Also one that failed, and nothing that is not ours.
bool is_former_save(const fs::path& directory) {
    for (const auto& entry : fs::directory_iterator{directory})
        if (std::find(std::begin(parts), std::end(parts), entry.path().filename().string()) == std::end(parts)) return false;
    return fs::exists(directory / "machine") && fs::exists(directory / "media");
}

void replace(const fs::path& from, const fs::path& to) {
    std::error_code error;
    fs::copy_file(from, to, fs::copy_options::overwrite_existing, error);
    if (error) throw Failure{to.string(), "cannot be written: " + error.message()};
}

// Bochs holds at most so much of the guest's memory at once; what it had put aside is not in a saved machine's file in the right place.
bool memory_was_put_aside(const fs::path& machine) {
    std::ifstream in{machine / "memory"};
    for (std::string line; std::getline(in, line);)
        if (line.size() > 5 && line.compare(line.size() - 5, 5, " = -2") == 0) return true;
    return false;
}

ordered_json zones_json(const RecordOptions& o) {
    auto zones = ordered_json::array();
    for (const ZoneInfo& z : o.zones) zones.push_back({z.name, z.start_pfn, z.end_pfn, z.present_pages});
    return zones;
}

SavedBoot boot_of(const ordered_json& d) {
    SavedBoot boot;
    const auto text = [&d](const char* key) { return d.at(key).get<std::string>(); };
    boot.mark = text("mark");
    RecordOptions& o = boot.options;
    o.memory_mib = d.at("memory_mib").get<uint64_t>(), o.cpu_model = text("cpu_model"), o.split = text("split"), o.paging = text("paging");
    o.workload = text("workload"), o.initramfs = text("initramfs"), o.append = text("append"), o.image = text("image");
    for (const auto& z : d.at("zones"))
        o.zones.push_back({z.at(0).get<std::string>(), z.at(1).get<uint64_t>(), z.at(2).get<uint64_t>(), z.at(3).get<uint64_t>(), 0});
    return boot;
}

}  // namespace

void check_save(const RecordOptions& o) {
    if (o.until.empty()) throw InputError{"--save", "needs --until M, the mark at which the machine is saved"};
    if (o.cpus > 1) throw InputError{"--save", "saves guests with one CPU only; leave out --cpus"};
    if (!fs::exists(o.save)) return;
    if (!fs::is_directory(o.save)) throw InputError{o.save.string(), "is a file; give a new directory to --save"};
    if (!o.resume_from.empty() && fs::equivalent(o.save, o.resume_from))
        throw InputError{o.save.string(), "is what --resume-from reads; give another directory to --save"};
    if (!fs::is_empty(o.save) && !is_former_save(o.save))
        throw InputError{o.save.string(), "is not empty and no former saved boot, so it is left alone; give a new directory to --save"};
}

void prepare_save(const fs::path& directory) {
    std::error_code error;
    for (const char* part : parts) fs::remove_all(directory / part, error);
    fs::create_directories(directory / "machine", error);
    if (!error) fs::create_directory(directory / "media", error);
    if (error) throw InputError{directory.string(), "cannot be made: " + error.message()};
}

void complete_save(const RecordOptions& o, const MachineOptions& m) {
    const fs::path machine = o.save / "machine";
    if (memory_was_put_aside(machine)) throw Failure{o.save.string(), "the guest used more memory than Bochs holds and can save; save it with 2G or less"};
    for (const auto& entry : fs::directory_iterator{machine})
        if (entry.file_size() > small_file) dig_holes(entry.path());
    if (o.image.empty()) replace(m.image, o.save / "media/boot.iso"), replace(m.data.floppy, o.save / "media/floppy.img");
    if (!o.system_map.empty()) replace(o.output / hidden_directory / system_map_file, o.save / system_map_file);
    const fs::path medium = medium_file(o), file = o.save / saved_boot_file;
    const ordered_json document{{"schema", saved_schema},
                                {"mark", describe(m.until)},
                                {"memory_mib", o.memory_mib},
                                {"cpu_model", o.cpu_model},
                                {"split", o.split},
                                {"paging", o.paging},
                                {"workload", o.workload},
                                {"initramfs", o.initramfs},
                                {"append", o.append},
                                {"image", o.image.empty() ? "" : medium.string()},
                                {"zones", zones_json(o)},
                                {"medium_hash", content_hash({medium})},
                                {"medium_changed", changed_at(o, medium)},
                                {"emulator_hash", emulator_hash()},
                                {"machine_hash", machine_hash(o.save)}};
    std::ofstream out{file};
    out << document.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) << '\n';
    out.close();
    if (!out) throw Failure{file.string(), "cannot be written; is the disk full?"};
}

SavedBoot read_saved_boot(const fs::path& directory) {
    constexpr char how[] = "`zonescope record --until M --save DIR` makes one";
    const fs::path file = directory / saved_boot_file;
    if (!fs::is_directory(directory)) throw InputError{directory.string(), std::string{"there is no such directory, so no saved boot; "} + how};
    std::ifstream in{file};
    if (!in) throw InputError{directory.string(), std::string{"is no saved boot, or an incomplete one ("} + saved_boot_file + " is missing); " + how};
    SavedBoot boot;
    ordered_json d;
    try {
        d = ordered_json::parse(in);
        if (d.at("schema") != saved_schema) throw InputError{file.string(), std::string{"was written by another zonescope"} + again};
        boot = boot_of(d);
    } catch (const nlohmann::json::exception&) {
        throw InputError{file.string(), std::string{"is damaged"} + again};
    }
    const RecordOptions& o = boot.options;
    const fs::path medium = medium_file(o);
    if (d["emulator_hash"] != emulator_hash()) throw InputError{directory.string(), std::string{"was saved by another build of Bochs, or with another BIOS"} + again};
    if (!fs::exists(medium)) throw InputError{medium.string(), "is not here; the saved boot needs it where it was"};
    if (d["medium_hash"] != content_hash({medium}) || d["medium_changed"] != changed_at(o, medium))
        throw InputError{medium.string(), std::string{"has changed since the boot was saved"} + again};
    if (!fs::is_directory(directory / "machine") || !fs::is_directory(directory / "media") || d["machine_hash"] != machine_hash(directory))
        throw InputError{directory.string(), std::string{"its files are not those that were saved"} + again};
    if (fs::exists(directory / system_map_file)) boot.options.system_map = directory / system_map_file;
    return boot;
}

// Bochs has the disk's contents among the machine's state, but not the floppy's.
void restore_media(const fs::path& directory, MachineOptions& m, const fs::path& scratch) {
    if (!m.image.empty()) return;
    m.image = fs::absolute(directory / "media/boot.iso");
    m.data = make_data_media(scratch);
    replace(directory / "media/floppy.img", m.data.floppy);
}

// Which of Bochs' devices there are is said by a line of the saved configuration alone. The plugin reads the memory itself.
fs::path restore_directory(const fs::path& saved, const std::string& bochsrc, const fs::path& scratch) {
    const fs::path directory = scratch / "machine", machine = fs::absolute(saved / "machine");
    fs::create_directory(directory);
    for (const auto& entry : fs::directory_iterator{machine}) {
        const std::string name = entry.path().filename().string();
        if (name != "config" && name != "memory.ram") fs::create_symlink(entry.path(), directory / name);
    }
    std::ofstream memory{directory / "memory.ram"};
    std::ifstream from{machine / "config"};
    std::ofstream config{directory / "config"};
    for (std::string line; std::getline(from, line);)
        if (line.rfind("plugin_ctrl:", 0) == 0) config << line << '\n';
    config << bochsrc;
    config.close();
    if (!config) throw Failure{(directory / "config").string(), "cannot be written; is the disk full?"};
    return directory;
}

}  // namespace tools
