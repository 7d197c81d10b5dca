// SPDX-License-Identifier: LGPL-2.1-or-later
// States to go on from, every so many packets, in bounded memory: when there is no more room, every second one goes and those to come
// are twice as far apart.
#pragma once

#include <deque>

#include "tools/view/moment_reader.hpp"

namespace tools::view {

class Checkpoints final {
public:
    static constexpr size_t most = 384, most_bytes = size_t{256} << 20;

    // Whether one should be saved at the start of this packet.
    [[nodiscard]] bool wants(size_t packet) const { return packet >= (kept_.empty() ? spacing_ : kept_.back().at.packet + spacing_); }
    // Of a moment behind all that are kept.
    void add(Checkpoint c) {
        bytes_ += c.bytes();
        kept_.push_back(std::move(c));
        while (kept_.size() > most || (bytes_ > most_bytes && kept_.size() > 1)) thin_out();
    }
    // The last one that is not behind the moment; null: there is none.
    [[nodiscard]] const Checkpoint* before(const Position& at) const {
        const Checkpoint* found = nullptr;
        for (const Checkpoint& c : kept_)
            if (c.at <= at) found = &c;
        return found;
    }
    void clear() { kept_.clear(), spacing_ = 4, bytes_ = 0; }
    [[nodiscard]] size_t count() const { return kept_.size(); }

private:
    void thin_out() {
        spacing_ *= 2;
        std::deque<Checkpoint> half;
        for (size_t n = 1; n < kept_.size(); n += 2) half.push_back(std::move(kept_[n]));
        kept_ = std::move(half);
        bytes_ = 0;
        for (const Checkpoint& c : kept_) bytes_ += c.bytes();
    }

    std::deque<Checkpoint> kept_;  // by position
    size_t spacing_ = 4, bytes_ = 0;
};

}  // namespace tools::view
