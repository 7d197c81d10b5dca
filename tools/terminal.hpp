// SPDX-License-Identifier: LGPL-2.1-or-later
// Progress for people: one line that is redrawn on a terminal, nothing at all elsewhere.
#pragma once

#include <stdint.h>

#include <chrono>
#include <string>

namespace tools {

// On standard error. Draws nothing in the first two seconds: what is over by then needs no progress bar.
class ProgressLine final {
public:
    ProgressLine();
    ~ProgressLine();  // wipes the line
    ProgressLine(const ProgressLine&) = delete;
    ProgressLine& operator=(const ProgressLine&) = delete;

    // `fraction` from 0 to 1 draws a bar; below 0, how far it is is not known.
    void draw(const std::string& text, double fraction = -1);
    void wipe();

private:
    bool terminal_;
    bool drawn_ = false;
    std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

// Whether standard output is a terminal that shows colours, and NO_COLOR is not set.
[[nodiscard]] bool colours();

enum class Style : uint8_t { bold, alarm, good };
[[nodiscard]] std::string styled(const std::string& text, Style style, bool colours);

// Bold if standard output shows colours.
[[nodiscard]] inline std::string bold(const std::string& text) { return styled(text, Style::bold, colours()); }

}  // namespace tools
