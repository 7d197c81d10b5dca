// SPDX-License-Identifier: LGPL-2.1-or-later
// Draws on terminals.
#include "terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

namespace tools {
namespace {

constexpr std::chrono::seconds patience{2};
constexpr unsigned bar_cells = 24;

size_t columns() {
    winsize size{};
    return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 10 ? size.ws_col : 80;
}

bool dumb() {
    const char* const term = std::getenv("TERM");
    return !term || std::string{term} == "dumb";
}

}  // namespace

ProgressLine::ProgressLine() : terminal_{isatty(STDERR_FILENO) != 0 && !dumb()} {}
ProgressLine::~ProgressLine() { wipe(); }

void ProgressLine::draw(const std::string& text, double fraction) {
    const auto elapsed = std::chrono::steady_clock::now() - start_;
    if (!terminal_ || elapsed < patience) return;
    std::string line;
    if (fraction >= 0) {
        const auto full = static_cast<size_t>((fraction > 1 ? 1 : fraction) * bar_cells);
        line = "[" + std::string(full, '#') + std::string(bar_cells - full, '.') + "] ";
    }
    line += text + ", " + std::to_string(std::chrono::duration_cast<std::chrono::seconds>(elapsed).count()) + " s";
    std::fprintf(stderr, "\r\033[K%s", line.substr(0, columns() - 1).c_str());
    std::fflush(stderr);
    drawn_ = true;
}

void ProgressLine::wipe() {
    if (drawn_) std::fputs("\r\033[K", stderr);
    drawn_ = false;
}

bool colours() {
    static const bool shown = isatty(STDOUT_FILENO) != 0 && !dumb() && !std::getenv("NO_COLOR");
    return shown;
}

std::string styled(const std::string& text, Style style, bool colours) {
    constexpr const char* codes[] = {"\033[1m", "\033[1;31m", "\033[1;32m"};
    return colours ? codes[static_cast<size_t>(style)] + text + "\033[0m" : text;
}

}  // namespace tools
