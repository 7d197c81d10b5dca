// SPDX-License-Identifier: LGPL-2.1-or-later
// Counts the holders of an address space.
#include "guest-kernel/kernel/space_owner.hpp"

#include "guest-kernel/kernel/late.hpp"
#include "guest-kernel/kernel/memory.hpp"

namespace guest {

bool SpaceOwner::allocate() {
    void* const memory = kmalloc().allocate(sizeof(Shared));
    if (memory) shared_ = new (memory) Shared;
    return memory != nullptr;
}

bool SpaceOwner::create() {
    if (!allocate()) return false;
    if (shared_->space.create()) return true;
    kmalloc().free(shared_);
    shared_ = nullptr;
    return false;
}

bool SpaceOwner::fork(const SpaceOwner& parent) {
    if (!allocate()) return false;
    if (shared_->space.fork(*parent)) return true;
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
