// SPDX-License-Identifier: LGPL-2.1-or-later
// The verb `linux-image`: an ISO that boots a Linux kernel which nobody here built.
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iostream>
#include <memory>

#include <CLI/CLI.hpp>

#include "boot_cd.hpp"
#include "linux_kernel.hpp"
#include "temporary_directory.hpp"
#include "text_table.hpp"
#include "verbs.hpp"

namespace tools {
namespace {

namespace fs = std::filesystem;

constexpr char kernel_name[] = "linux", initramfs_name[] = "initrd.img";
constexpr uint32_t most_tried = 2047;  // bytes of command line: what Linux has taken since 2.6.22; ISOLINUX fails with 3900

struct Options {
    std::string kernel, initramfs, append, output;
};

// What the kernel finds as its command line: ISOLINUX puts words of its own around those given.
std::string whole_command_line(const Options& o) {
    return std::string{"BOOT_IMAGE="} + kernel_name + (o.append.empty() ? "" : " " + o.append) +
           (o.initramfs.empty() ? "" : std::string{" initrd="} + initramfs_name);
}

bool has_word(const std::string& words, const std::string& beginning) { return (" " + words).find(" " + beginning) != std::string::npos; }

void check_append(const Options& o, const LinuxKernel& kernel) {
    if (std::any_of(o.append.begin(), o.append.end(), [](unsigned char c) { return c < ' ' || c == 0x7F; }))
        throw InputError{"--append", "has a line break or another control character in it; give words with blanks between them"};
    if (has_word(o.append, "initrd=")) throw InputError{"--append", "initrd= is the boot loader's word; give the file to --initramfs"};
    // The loader counts the zero at the end, which cmdline_size leaves out, and would drop the last character.
    const size_t length = whole_command_line(o).size(), most = std::min(kernel.longest_command_line, most_tried) - 1;
    if (length > most)
        throw InputError{"--append", "makes a command line of " + std::to_string(length) + " bytes, with the boot loader's words, and this kernel takes " + std::to_string(most) +
                                         "; leave something out"};
}

void check_initramfs(const Options& o, const LinuxKernel& kernel) {
    if (o.initramfs.empty()) return;
    if (!fs::is_regular_file(o.initramfs) || access(o.initramfs.c_str(), R_OK) != 0)
        throw InputError{o.initramfs, "cannot be read; --initramfs takes a cpio archive (newc), compressed or not"};
    const auto bytes = fs::file_size(o.initramfs);
    if (bytes == 0) throw InputError{o.initramfs, "is empty; leave --initramfs out if the kernel has its own"};
    if (bytes > kernel.last_initramfs_address)
        throw InputError{o.initramfs, "has " + grouped(bytes >> 20) + " MiB, and this kernel wants its initramfs below " + grouped((kernel.last_initramfs_address >> 20) + 1) + " MiB"};
}

// Only what this verb made is replaced, so that a mistyped -o costs nothing.
void check_output(const fs::path& output) {
    if (fs::is_directory(output)) throw InputError{output.string(), "is a directory; name the ISO to make"};
    if (fs::exists(output) && !is_our_cd(output)) throw InputError{output.string(), "is there already and no ISO of zonescope's, so it is left alone; give another name to -o"};
    const fs::path directory = fs::absolute(output).parent_path();
    if (!fs::is_directory(directory)) throw InputError{directory.string(), "no such directory; make it, or give another name to -o"};
    if (access(directory.c_str(), W_OK) != 0) throw InputError{directory.string(), std::string{"cannot be written: "} + std::strerror(errno)};
}

// A file that is not whole has another name.
void make_image(const Options& o) {
    const TemporaryDirectory scratch;
    const fs::path unfinished = o.output + ".zonescope-part";
    BootCd cd{{{o.kernel, kernel_name}}, std::string{"KERNEL "} + kernel_name + "\n"};
    if (!o.initramfs.empty()) cd.files.push_back({o.initramfs, initramfs_name}), cd.script += std::string{"INITRD "} + initramfs_name + "\n";
    if (!o.append.empty()) cd.script += "APPEND " + o.append + "\n";
    std::error_code error;
    try {
        make_cd(cd, unfinished, scratch.path());
    } catch (...) {
        fs::remove(unfinished, error);
        throw;
    }
    fs::rename(unfinished, o.output, error);
    if (error) throw Failure{o.output, "cannot be written: " + error.message()};
}

Status run(const Options& o) {
    const LinuxKernel kernel = read_linux_kernel(o.kernel);
    check_initramfs(o, kernel);
    check_append(o, kernel);
    check_output(o.output);
    make_image(o);
    if (o.initramfs.empty() && !has_word(o.append, "root="))
        std::cerr << "zonescope: " << o.output << ": has no initramfs: the kernel must have its own, or a root= in --append that it can mount\n";
    if (kernel.is_64_bit)
        std::cerr << "zonescope: " << o.kernel << ": is a 64-bit kernel: its walks are recorded (doc/long-mode.md), but TLBs are modelled, and zones and missing flushes"
                  << " followed, under 32-bit paging only; Debian's 32-bit kernels are the packages linux-image-686 and linux-image-686-pae\n";
    std::cout << o.output << ": Linux " << (kernel.version.empty() ? "of unknown version" : kernel.version) << ", " << grouped(fs::file_size(o.output))
              << " bytes. Next: zonescope record --image " << o.output << " -o DIR\n";
    return Status::done;
}

}  // namespace

void add_linux_image(CLI::App& app, Verb& chosen) {
    CLI::App* verb = app.add_subcommand("linux-image", "Make an ISO of a Linux kernel and an initramfs: for `record --image`");
    auto o = std::make_shared<Options>();
    verb->add_option("--kernel", o->kernel, "A bzImage (Debian's vmlinuz)")->type_name("FILE")->required();
    verb->add_option("--initramfs", o->initramfs, "What the kernel unpacks and runs; without it, the kernel's own")->type_name("FILE");
    verb->add_option("--append", o->append, "The kernel's command line")->type_name("ARGS");
    verb->add_option("-o", o->output, "The ISO to make; a former one is replaced")->type_name("ISO")->required();
    verb->callback([=, &chosen] { chosen = [=] { return run(*o); }; });
}

}  // namespace tools
