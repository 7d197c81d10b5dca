// SPDX-License-Identifier: LGPL-2.1-or-later
// Progress for people: one line that is redrawn on a terminal, nothing at all elsewhere.
#pragma once

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

// Bold on a terminal, as it is elsewhere or when NO_COLOR is set; standard output.
[[nodiscard]] std::string bold(const std::string& text);

}  // namespace tools
