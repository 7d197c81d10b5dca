// SPDX-License-Identifier: LGPL-2.1-or-later
// Synchronous calls of one word, and tokens: how processes pass control to each other.
//
//   caller:   call ------------- blocked (sending, calling) ------------> answer
//   receiver:        receive -> works -> reply, which also receives the next
//
// Whoever is set free by a call or a reply runs at once, without the run queue.
#pragma once

#include "guest-kernel/kernel/process.hpp"

namespace guest {

// Each returns what its system call returns (abi.hpp); the word that came is current().word.
[[nodiscard]] int32_t ipc_call(int32_t process, uint32_t word);
[[nodiscard]] int32_t ipc_receive();
[[nodiscard]] int32_t ipc_reply(int32_t process, uint32_t word);

// Null, or the process with this id if it waits for the current one's reply.
Process* awaited_caller(int32_t process);

[[nodiscard]] int32_t post_token(int32_t process);
void take_token();

// Takes a process that is to die out of the queue in which it waits to send.
void withdraw_call(Process& caller);

// Ends every call to a process that is about to exit with Error::no_process.
void abandon_calls(Process& dead);

}  // namespace guest
