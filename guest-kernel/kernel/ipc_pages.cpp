// SPDX-License-Identifier: LGPL-2.1-or-later
// Page by page from one address space to another.
#include "guest-kernel/kernel/ipc_pages.hpp"

#include "guest-kernel/kernel/ipc.hpp"
#include "guest-kernel/kernel/memory.hpp"
#include "guest-kernel/kernel/scheduler.hpp"
#include "guest-kernel/kernel/wait_queue.hpp"

namespace guest {
namespace {

constexpr int32_t error(Error e) { return static_cast<int32_t>(e); }

mm::VirtAddr page_at(uint32_t first, uint32_t i) { return mm::VirtAddr{first + i * static_cast<uint32_t>(mm::page_size)}; }

FaultStatus ready_to_write(AddressSpace& space, mm::VirtAddr page, mm::Pfn& frame) {
    if (space.frame_of(page, frame, mm::AccessKind::write)) return FaultStatus::resolved;
    const FaultStatus status = space.resolve(page, mm::AccessKind::write, space.frame_of(page, frame));
    if (status != FaultStatus::resolved) return status;
    return space.frame_of(page, frame, mm::AccessKind::write) ? status : FaultStatus::no_memory;
}

// The source is held while the target may be fetched from swap.
FaultStatus copy_page(AddressSpace& from, mm::VirtAddr page, AddressSpace& to, mm::VirtAddr at) {
    mm::Pfn source_frame, target_frame;
    FaultStatus status = from.ready_to_read(page, source_frame);
    if (status != FaultStatus::resolved) return status;
    zones().share(source_frame);
    status = ready_to_write(to, at, target_frame);
    if (status == FaultStatus::resolved) {
        const mm::VirtAddr source = kmap_atomic().map(source_frame, KmapType::copy_source);
        const mm::VirtAddr target = kmap_atomic().map(target_frame, KmapType::user0);
        __builtin_memcpy(reinterpret_cast<void*>(target.raw), reinterpret_cast<void*>(source.raw), mm::page_size);
        kmap_atomic().unmap(target, KmapType::user0);
        kmap_atomic().unmap(source, KmapType::copy_source);
    }
    zones().release(source_frame);
    return status;
}

FaultStatus hand_over(AddressSpace& from, mm::VirtAddr page, AddressSpace& to, mm::VirtAddr at, PageTransfer how) {
    if (how == PageTransfer::copy) return copy_page(from, page, to, at);
    return from.send_page(page, to, at, how == PageTransfer::grant ? Handover::grant : Handover::share);
}

// Hands over what `from` sends to `to`: 0 or an Error, and then everything is as it was but for what the window held.
int32_t transfer_pages(Process& from, Process& to, uint32_t pages) {
    const PageMessage m = PageMessage::unpack(pages);
    const bool apart = from.space && to.space && &*from.space != &*to.space;
    if (!apart || !m.valid() || m.count > to.window_pages) return error(Error::bad_argument);
    for (uint32_t i = 0; i < m.count; ++i) {
        const FaultStatus status = hand_over(*from.space, page_at(m.address, i), *to.space, page_at(to.window, i), m.how);
        if (status == FaultStatus::resolved) continue;
        // Without memory for the way back, which needs none but for swap, a granted page stays where it is.
        for (uint32_t back = i; m.how == PageTransfer::grant && back-- > 0;)
            static_cast<void>(to.space->send_page(page_at(to.window, back), *from.space, page_at(m.address, back), Handover::grant));
        return error(status == FaultStatus::no_memory ? Error::no_memory : Error::bad_address);
    }
    return 0;
}

WaitQueue transfers;

// While it lives its process waits for nothing but the end of a hand-over.
class Busy final {
public:
    explicit Busy(Process& p) : process_{p}, before_{p.state} { p.state = State::busy; }
    ~Busy() {
        process_.state = before_;
        wake_all(transfers);
    }
    Busy(const Busy&) = delete;
    Busy& operator=(const Busy&) = delete;

private:
    Process& process_;
    State before_;
};

// Makes a process that was killed while it was busy leave the state in which it waited.
bool let_go(Process& p) {
    if (!p.killed) return false;
    p.status = error(Error::interrupted);
    p.partner = nullptr;
    p.state = State::ready;
    make_ready(p);
    return true;
}

}  // namespace

int32_t set_window(uint32_t address, uint32_t pages) {
    if (address % mm::page_size != 0 || pages > max_message_pages) return error(Error::bad_argument);
    current().window = address;
    current().window_pages = pages;
    return 0;
}

int32_t take_pages(Process& caller, Process& me) {
    const uint32_t pages = caller.outgoing_pages;
    caller.outgoing_pages = 0;
    int32_t status;
    {
        const Busy busy{caller};
        status = transfer_pages(caller, me, pages);
    }
    return caller.killed ? error(Error::interrupted) : status;
}

void wait_for_transfer() { sleep(transfers); }

// A receiver that is not waiting takes the pages with the message, when it does.
int32_t ipc_call_pages(int32_t process, uint32_t word, uint32_t pages) {
    Process& me = current();
    Process* const to = find_process(process);
    if (!to || to == &me) return error(Error::no_process);
    if (to->state == State::busy) return wait_for_transfer(), ipc_call_pages(process, word, pages);
    if (to->state != State::receiving) {
        me.outgoing_pages = pages;
        return ipc_call(process, word);
    }
    int32_t status;
    {
        const Busy busy{*to};
        status = transfer_pages(me, *to, pages);
    }
    if (let_go(*to)) return error(Error::no_process);
    if (me.killed) return error(Error::interrupted);
    return status != 0 ? status : ipc_call(process, word);
}

int32_t ipc_reply_pages(int32_t process, uint32_t word, uint32_t pages) {
    Process* const caller = awaited_caller(process);
    if (!caller) return error(Error::no_process);
    int32_t status;
    {
        const Busy busy{*caller};
        status = transfer_pages(current(), *caller, pages);
    }
    if (let_go(*caller)) return error(Error::no_process);
    if (current().killed) return error(Error::interrupted);
    return status != 0 ? status : ipc_reply(process, word);
}

}  // namespace guest
