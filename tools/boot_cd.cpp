// SPDX-License-Identifier: LGPL-2.1-or-later
// Calls xorriso.
#include "boot_cd.hpp"

#include <array>
#include <cstring>
#include <fstream>

#include "child_process.hpp"
#include "error.hpp"
#include "paths.hpp"

namespace tools {
namespace {

namespace fs = std::filesystem;

// ISO 9660 (ECMA-119), 8.4: the primary volume descriptor
constexpr std::streamoff volume_descriptor_at = 16 * 2048;
constexpr size_t identifier_at = 1, application_at = 574;
constexpr char identifier[] = "CD001";
// Nobody reads the date, and with that of today every CD would be another. Bochs' clock starts in that year, too.
constexpr char date[] = "2000010100000000", seconds[] = "=946684800";  // the same in two of the ways that xorriso takes it, in UTC

void copy_part(const fs::path& from, const fs::path& to) {
    if (!fs::exists(from)) throw InputError{from.string(), "not found; run `make` (or `./setup`) again"};
    std::error_code error;
    fs::copy_file(from, to, error);
    if (error) throw Failure{to.string(), "cannot be written: " + error.message()};
}

void write_script(const fs::path& at, const std::string& lines) {
    std::ofstream script{at};
    script << "DEFAULT zonescope\nPROMPT 0\nLABEL zonescope\n" << lines;
    script.close();
    if (!script) throw Failure{at.string(), "cannot be written; is the disk full?"};
}

// The first bytes of the volume descriptor, zeros where the file ends.
std::array<char, 1024> volume_descriptor(const fs::path& file) {
    std::array<char, 1024> bytes{};
    std::ifstream in{file, std::ios::binary};
    in.seekg(volume_descriptor_at);
    in.read(bytes.data(), bytes.size());
    return bytes;
}

}  // namespace

void make_cd(const BootCd& cd, const fs::path& iso, const fs::path& scratch) {
    const fs::path stage = scratch / "cd", log = scratch / "xorriso.log";
    fs::create_directory(stage);
    for (const BootCd::File& file : cd.files) copy_part(file.from, stage / file.name);
    for (const fs::path& file : paths().boot_loader) copy_part(file, stage / file.filename());
    write_script(stage / "isolinux.cfg", cd.script);
    ChildProcess xorriso{{find_program("xorriso", "xorriso").string(), "-as", "mkisofs", "-quiet", "-o", fs::absolute(iso).string(), "-r", "-A", cd_application,
                          std::string{"--modification-date="} + date, "--set_all_file_dates", seconds, "-b", "isolinux.bin", "-no-emul-boot",
                          "-boot-load-size", "4", "-boot-info-table", stage.string()},
                         {scratch, log, log}};
    std::optional<int> status;
    while (!status) status = xorriso.wait(std::chrono::seconds{1});
    if (*status != 0) throw Failure{iso.string(), "xorriso failed (" + describe_wait_status(*status) + "): " + tail_of(log)};
}

bool is_iso(const fs::path& file) { return std::memcmp(volume_descriptor(file).data() + identifier_at, identifier, std::strlen(identifier)) == 0; }

bool is_our_cd(const fs::path& file) {
    return is_iso(file) && std::memcmp(volume_descriptor(file).data() + application_at, cd_application, std::strlen(cd_application)) == 0;
}

}  // namespace tools
