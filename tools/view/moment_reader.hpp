// SPDX-License-Identifier: LGPL-2.1-or-later
// Reads a stream forward and keeps the state of the moment it stands at; takes the state of another moment from a checkpoint.
#pragma once

#include <memory>

#include "tools/view/follower.hpp"
#include "tools/view/packet_index.hpp"
#include "tools/view/tlb_follower.hpp"

namespace tools::view {

// The state of a moment, to go on from.
struct Checkpoint {
    Position at;
    Follower follower;
    std::shared_ptr<const TlbFollower::Saved> tlbs;
    [[nodiscard]] size_t bytes() const { return follower.own_bytes() + (tlbs ? tlbs->bytes() : 0); }
};

class MomentReader final {
public:
    // All outlive this. The stream is this reader's alone.
    MomentReader(Recording& recording, PacketIndex& index, Stream& stream);

    [[nodiscard]] const Position& at() const { return at_; }
    [[nodiscard]] const Follower& follower() const { return follower_; }
    [[nodiscard]] const TlbFollower& tlbs() const { return tlbs_; }

    // On to a position that is not before at(). Throws TraceError at damage, and then stands in the damaged packet.
    void read_to(const Position& target);
    [[nodiscard]] Checkpoint save() const { return {at_, follower_, tlbs_.save()}; }
    void restore(const Checkpoint& c);
    void restart();
    // The stream's file was mapped anew.
    void forget_packet() { in_packet_ = false; }

private:
    void open_packet();

    Recording& recording_;
    PacketIndex& index_;
    Stream& stream_;
    Position at_;
    bool in_packet_ = false;  // whether the stream's decoder stands at at_
    Follower follower_;
    TlbFollower tlbs_;
};

}  // namespace tools::view
