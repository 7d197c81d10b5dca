// SPDX-License-Identifier: LGPL-2.1-or-later
// Waits for the marks at which the recording starts and ends, one after the other: what comes before the first does not meet the second.
#pragma once

#include "line_watch.h"
#include "run_mark.h"

namespace plugin {

class MarkWatch {
public:
    MarkWatch(RunMark start, RunMark until) : start_{std::move(start)}, until_{std::move(until)}, wanted_{start_ ? &start_ : &until_} {}
    MarkWatch(const MarkWatch&) = delete;
    MarkWatch& operator=(const MarkWatch&) = delete;

    // The mark that is waited for; of no kind if none is.
    const RunMark& wanted() const { return *wanted_; }
    bool wants_start() const { return start_ && wanted_ == &start_; }
    // It was met: the next is waited for.
    void advance() { wanted_ = wanted_ == &start_ ? &until_ : &none_; }

    // Each says whether it meets the mark that is wanted.
    bool instructions(uint64_t completed) const { return wants(RunMark::Kind::instructions) && completed >= wanted_->number; }
    bool address(uint32_t linear) const { return wants(RunMark::Kind::address) && linear == wanted_->number; }
    bool guest_mark(uint32_t number) const { return wants(RunMark::Kind::mark) && number == wanted_->number; }
    bool span_begins(const std::string& name) const { return wants(RunMark::Kind::span) && name == wanted_->text; }

    // Any write to a port: both consoles are followed.
    bool port_write(uint16_t port, uint32_t value) {
        const char byte = static_cast<char>(value);
        if (port == console_port) return console_.take(byte, text(RunMark::Kind::console)) && wants(RunMark::Kind::console);
        if (port == line_control) divisor_ = (value & divisor_latch) != 0;
        return port == serial_port && !divisor_ && serial_.take(byte, text(RunMark::Kind::serial)) && wants(RunMark::Kind::serial);
    }

private:
    // The first UART of a PC (16550 data sheet): with bit 7 of the line control register set, its data port is the divisor's.
    static constexpr uint16_t serial_port = 0x3F8, line_control = 0x3FB, console_port = 0xE9;
    static constexpr uint32_t divisor_latch = 0x80;

    bool wants(RunMark::Kind kind) const { return wanted_->kind == kind; }
    const std::string& text(RunMark::Kind kind) const { return wants(kind) ? wanted_->text : nothing_; }

    const RunMark start_, until_, none_;
    const RunMark* wanted_;
    const std::string nothing_;
    LineWatch serial_, console_;
    bool divisor_ = false;
};

}  // namespace plugin
