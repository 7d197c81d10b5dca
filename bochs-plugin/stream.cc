// SPDX-License-Identifier: LGPL-2.1-or-later
// Opening and closing packets.
#include "stream.h"

namespace plugin {

using namespace mm::trace;

static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "the packet header is written as it lies in memory");

void Stream::open_packet() {
    open_ = true;
    begin_ticks_ = last_ticks_;
    encoder_->begin_packet(begin_ticks_);
    end_ = encoder_->encode(packet_->content + packet_header_bytes, begin_ticks_, state_);
    if (state_.cr3_high != 0) end_ = encoder_->encode(end_, begin_ticks_, LongRoot{state_.cr3_high});
}

void Stream::close_packet() {
    if (!open_) return;
    open_ = false;
    packet_->bytes = static_cast<size_t>(end_ - packet_->content);
    PacketHeader header;
    header.begin_ticks = begin_ticks_;
    header.end_ticks = last_ticks_;
    header.content_bits = header.packet_bits = uint64_t{packet_->bytes} * 8;
    header.cpu = cpu_;
    header.sequence = sequence_++;
    memcpy(packet_->content, &header, sizeof header);
    if (sink_.take(packet_) || failed_) return;
    failed_ = true;
    on_failure_();
}

}  // namespace plugin
