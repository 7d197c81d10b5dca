// SPDX-License-Identifier: LGPL-2.1-or-later
// Writes the files that Bochs' debugger reads.
#include "debugger_script.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <sstream>

#include "system_map.hpp"

namespace tools {
namespace {

namespace fs = std::filesystem;

constexpr char symbols_name[] = "debugger.symbols", script_name[] = "debugger.commands";
constexpr size_t longest_name = 400;  // Bochs reads lines of 511 bytes

std::string read_text(const fs::path& file) {
    std::ifstream in{file};
    std::ostringstream text;
    text << in.rdbuf();
    if (!in) throw InputError{file.string(), "cannot be read; give --commands a file with a command on each line"};
    return text.str();
}

void write_text(const fs::path& file, const std::string& text) {
    std::ofstream out{file};
    out << text;
    out.close();
    if (!out) throw Failure{file.string(), "cannot be written; is the disk full?"};
}

// Those that the user gave, or those of our kernel.
Symbols symbols_for(const RecordOptions& o) {
    if (!o.symbols.empty()) return Symbols{o.symbols};
    if (!o.system_map.empty()) return Symbols{o.system_map};
    return o.image.empty() ? Symbols{kernel_file(o.split, o.paging)} : Symbols{};
}

}  // namespace

// Bochs takes a symbol for the name of all that follows, up to the next: so there is one more behind the last, and behind the last before a
// gap, as at 4:4, where programs lie between the kernel's code and the trampoline.
std::string debugger_symbols(const Symbols& symbols) {
    std::string text;
    const auto add = [&](uint32_t address, const std::string& name) {
        char digits[12];
        std::snprintf(digits, sizeof digits, "%08x ", address);
        text += digits + name.substr(0, longest_name) + '\n';
    };
    constexpr uint64_t gap = 1u << 20;
    uint64_t end = 0;
    for (size_t n = 0; n < symbols.count(); ++n) {
        if (symbols.is_program(n)) continue;
        if (end != 0 && symbols.start(n) > end + gap) add(static_cast<uint32_t>(end), "(no function)");
        add(symbols.start(n), symbols.name(n));
        end = std::max(end, uint64_t{symbols.start(n)} + symbols.size(n));
    }
    if (!text.empty() && end < 0xFFFFFFFF) add(static_cast<uint32_t>(end), "(no function)");
    return text;
}

std::string debugger_script(const fs::path& symbols, const std::string& commands, bool quits) {
    std::string text;
    if (!symbols.empty()) text += "ldsym global \"" + symbols.string() + "\"\n";
    text += commands;
    if (!text.empty() && text.back() != '\n') text += '\n';
    return quits ? text + "quit\n" : text;
}

void check_debugger_options(const RecordOptions& o) {
    if (!o.commands.empty()) (void)read_text(o.commands);
}

void add_debugger_arguments(std::vector<std::string>& command, const RecordOptions& o) {
    const fs::path hidden = fs::absolute(o.output / hidden_directory);
    const Symbols symbols = symbols_for(o);
    if (!symbols.empty()) write_text(hidden / symbols_name, debugger_symbols(symbols));
    const std::string commands = o.commands.empty() ? "" : read_text(o.commands);
    const bool quits = !o.commands.empty() && isatty(STDIN_FILENO) == 0 && !o.gui;
    write_text(hidden / script_name, debugger_script(symbols.empty() ? fs::path{} : hidden / symbols_name, commands, quits));
    command.insert(command.end(), {"-debugger", "-rc", (hidden / script_name).string()});
}

}  // namespace tools
