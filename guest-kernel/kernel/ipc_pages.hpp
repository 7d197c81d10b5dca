// SPDX-License-Identifier: LGPL-2.1-or-later
// Messages that carry pages: into the window that the receiver has set, copied, shared until somebody writes, or granted.
//
//   sender:  | page | page |  --PageMessage-->  receiver's window:  | page | page | ... |
//
// L4's map and grant, with Mach's copy on write for what is shared: a message is a value, whoever writes later. A page may have
// to come from swap first, so that the hand-over sleeps: the other side is `busy` meanwhile, and lives.
#pragma once

#include "guest-kernel/kernel/process.hpp"

namespace guest {

// Sets the current process's window: 0, or Error::bad_argument.
[[nodiscard]] int32_t set_window(uint32_t address, uint32_t pages);

// As ipc_call and ipc_reply, with the pages that a PageMessage (abi.hpp) names. If they cannot be handed over, nobody gets
// a message and the sender an Error: bad_argument, bad_address, no_memory.
[[nodiscard]] int32_t ipc_call_pages(int32_t process, uint32_t word, uint32_t pages);
[[nodiscard]] int32_t ipc_reply_pages(int32_t process, uint32_t word, uint32_t pages);

// Hands the receiver, the current process, what its first caller sends: 0, or the Error that ends the call.
[[nodiscard]] int32_t take_pages(Process& caller, Process& me);

// Sleeps until some hand-over has ended.
void wait_for_transfer();

}  // namespace guest
