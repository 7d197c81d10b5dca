// SPDX-License-Identifier: LGPL-2.1-or-later
// Unpacks the payload of a bzImage with the program for its compression. Linux: scripts/extract-vmlinux, Documentation/arch/x86/boot.rst.
#include "kernel_code.hpp"

#include <chrono>
#include <cstring>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "child_process.hpp"
#include "code_file.hpp"
#include "error.hpp"
#include "linux_kernel.hpp"

namespace tools {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds longest_wait{60};

struct Compression {
    std::string_view begins;
    const char* package;
    std::vector<std::string> command;
};
const Compression compressions[] = {
    {"\3757zXZ", "xz-utils", {"xz", "-dc"}},
    {"\037\213", "gzip", {"gzip", "-dc"}},
    {"\050\265\057\375", "zstd", {"zstd", "-dc"}},
    {"\002\041\114\030", "lz4", {"lz4", "-dc"}},
    {"\135\0\0", "xz-utils", {"xz", "--format=lzma", "-dc"}},
    {"BZh", "bzip2", {"bzip2", "-dc"}},
};

}  // namespace

KernelCode::KernelCode(const fs::path& file, const std::string& guest) : file_{file} {
    if (!CodeFile{file}.empty()) return;
    unpack(file, guest);
    if (CodeFile{file_}.empty()) throw InputError{file.string(), "has no 32-bit vmlinux in it that can be unpacked; give that kernel's vmlinux"};
}

void KernelCode::unpack(const fs::path& image, const std::string& guest) {
    const LinuxKernel kernel = read_linux_kernel(image);
    if (!guest.empty() && !kernel.version.empty() && guest != "Linux " + kernel.version)
        throw InputError{image.string(), "is Linux " + kernel.version + ", and the recording is of " + guest + "; give that kernel's image"};
    std::ifstream in{image, std::ios::binary | std::ios::ate};
    const auto size = static_cast<uint64_t>(in.tellg());
    if (kernel.payload_bytes == 0 || kernel.payload_at > size || kernel.payload_bytes > size - kernel.payload_at)
        throw InputError{image.string(), "does not say where its vmlinux is; give that kernel's vmlinux"};
    std::string payload(kernel.payload_bytes, '\0');
    in.seekg(static_cast<std::streamoff>(kernel.payload_at));
    in.read(payload.data(), static_cast<std::streamsize>(payload.size()));
    directory_.emplace();
    file_ = directory_->path() / "vmlinux";
    for (const Compression& c : compressions) {
        if (payload.compare(0, c.begins.size(), c.begins) != 0) continue;
        std::vector<std::string> command = c.command;
        command.front() = find_program(c.command.front(), c.package).string();
        const fs::path packed = directory_->path() / "packed";
        std::ofstream{packed, std::ios::binary} << payload;
        command.push_back(packed.string());
        // Behind the compressed bytes is their unpacked length, of which some programs complain: what counts is what comes out.
        ChildProcess program{command, {directory_->path(), file_, directory_->path() / "log"}};
        const auto end = std::chrono::steady_clock::now() + longest_wait;
        while (!program.wait(std::chrono::milliseconds{100}) && std::chrono::steady_clock::now() < end) {}
        uint32_t expected = 0;
        if (payload.size() >= sizeof expected) std::memcpy(&expected, payload.data() + payload.size() - sizeof expected, sizeof expected);
        if (const uint64_t unpacked = fs::file_size(file_); unpacked != expected)
            throw Failure{image.string(), "of the " + std::to_string(expected) + " bytes of its vmlinux " + std::to_string(unpacked) + " came out; is it damaged, or " +
                                              directory_->path().parent_path().string() + " full? " + tail_of(directory_->path() / "log")};
        return;
    }
}

}  // namespace tools
