// SPDX-License-Identifier: LGPL-2.1-or-later
// A process's hold on an address space. Threads hold the same one: it goes with its last holder, as Linux' mm_struct
// with its mm_users.
#pragma once

#include "guest-kernel/kernel/address_space.hpp"

namespace guest {

class SpaceOwner final {
public:
    SpaceOwner() = default;
    SpaceOwner(const SpaceOwner&) = delete;
    SpaceOwner& operator=(const SpaceOwner&) = delete;

    // Holds a new address space without user pages; false if there is no memory for it. Assumes that it holds none.
    [[nodiscard]] bool create();
    // Holds a copy of what `parent` holds (Space::fork); false if there is no memory for it. Assumes that it holds none.
    [[nodiscard]] bool fork(const SpaceOwner& parent);
    // Holds what `other` holds. Assumes that it holds none.
    void share(const SpaceOwner& other);
    // Takes over what `other` holds, dropping its own: nothing of either may be in CR3.
    void take(SpaceOwner& other);
    // Lets go. The last holder destroys the space: it must not be the one in CR3.
    void drop();

    explicit operator bool() const { return shared_; }
    AddressSpace* operator->() const { return &shared_->space; }
    AddressSpace& operator*() const { return shared_->space; }
    bool alone() const { return shared_->holders == 1; }

private:
    struct Shared {
        AddressSpace space;
        uint32_t holders = 1;
    };
    [[nodiscard]] bool allocate();

    Shared* shared_ = nullptr;
};

}  // namespace guest
