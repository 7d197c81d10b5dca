// SPDX-License-Identifier: LGPL-2.1-or-later
// Counts the holders of an address space.
#include "guest-kernel/kernel/space_owner.hpp"

#include "guest-kernel/kernel/late.hpp"
#include "guest-kernel/kernel/memory.hpp"

namespace guest {

bool SpaceOwner::create() {
    void* const memory = kmalloc().allocate(sizeof(Shared));
    if (!memory) return false;
    shared_ = new (memory) Shared;
    if (shared_->space.create()) return true;
    kmalloc().free(shared_);
    shared_ = nullptr;
    return false;
}

void SpaceOwner::share(const SpaceOwner& other) {
    shared_ = other.shared_;
    ++shared_->holders;
}

void SpaceOwner::take(SpaceOwner& other) {
    drop();
    shared_ = other.shared_;
    other.shared_ = nullptr;
}

void SpaceOwner::drop() {
    if (!shared_) return;
    if (--shared_->holders == 0) {
        shared_->space.destroy();
        kmalloc().free(shared_);
    }
    shared_ = nullptr;
}

}  // namespace guest
