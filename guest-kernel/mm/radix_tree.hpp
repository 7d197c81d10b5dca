// SPDX-License-Identifier: LGPL-2.1-or-later
// A map from 32-bit indices to pointers: how a file's cached pages are found. Linux 2.6's lib/radix-tree.c.
//
//   height 2:   root node [0 | 1 | 2 .. 63]        6 bits of the index choose at each level; the tree is as high as its
//                          |       \               largest index needs, and a node goes when its last entry goes.
//               nodes  [items 0..63] [items 128..191]
//
//   Memory must have   void* allocate(uint32_t bytes)   null if there is none
//                      void free(void*)
#pragma once

#include <stdint.h>

#include "guest-kernel/mm/require.hpp"

namespace guest {

template <class Memory>
class RadixTree final {
public:
    explicit constexpr RadixTree(Memory memory) : memory_{memory} {}

    // Null if nothing is there.
    void* find(uint32_t index) const {
        if (!fits(index)) return nullptr;
        const Node* node = root_;
        for (unsigned level = height_; node && level > 1; --level) node = static_cast<Node*>(node->slots[slot(index, level)]);
        return node ? node->slots[slot(index, 1)] : nullptr;
    }

    // False, and nothing changed, if there is no memory for the nodes. Nothing may be there yet; `item` is not null.
    [[nodiscard]] bool insert(uint32_t index, void* item) {
        require(item != nullptr, "radix tree: null cannot be inserted");
        if (!grow(index)) return false;
        Node* node = root_;
        for (unsigned level = height_; level > 1; --level) {
            void*& next = node->slots[slot(index, level)];
            if (!next) {
                next = new_node();
                if (!next) return prune(index), false;
                ++node->used;
            }
            node = static_cast<Node*>(next);
        }
        void*& place = node->slots[slot(index, 1)];
        require(place == nullptr, "radix tree: the index is taken");
        place = item;
        ++node->used;
        return true;
    }

    // What was there; null if nothing was.
    void* remove(uint32_t index) {
        if (!find(index)) return nullptr;
        Node* node = root_;
        for (unsigned level = height_; level > 1; --level) node = static_cast<Node*>(node->slots[slot(index, level)]);
        void* const item = node->slots[slot(index, 1)];
        node->slots[slot(index, 1)] = nullptr;
        --node->used;
        prune(index);
        return item;
    }

    bool empty() const { return root_ == nullptr; }
    uint32_t nodes() const { return nodes_; }

private:
    static constexpr unsigned bits = 6;  // RADIX_TREE_MAP_SHIFT
    static constexpr unsigned highest = (32 + bits - 1) / bits;

    struct Node {
        uint32_t used;
        void* slots[1 << bits];
    };

    static unsigned slot(uint32_t index, unsigned level) { return index >> (level - 1) * bits & ((1u << bits) - 1); }
    bool fits(uint32_t index) const { return height_ >= highest || (height_ != 0 && index >> height_ * bits == 0); }

    Node* new_node() {
        auto* const node = static_cast<Node*>(memory_.allocate(sizeof(Node)));
        if (node) *node = {}, ++nodes_;
        return node;
    }
    void free_node(Node* node) {
        memory_.free(node);
        --nodes_;
    }

    // Makes the tree high enough for the index. A failure leaves it valid: what was added on top holds what was there.
    bool grow(uint32_t index) {
        if (!root_) {
            root_ = new_node();
            if (!root_) return false;
            height_ = 1;
        }
        while (!fits(index)) {
            Node* const top = new_node();
            if (!top) return prune(0), false;
            if (root_->used == 0) {
                free_node(root_);
            } else {
                top->slots[0] = root_;
                top->used = 1;
            }
            root_ = top;
            ++height_;
        }
        return true;
    }

    // Frees the empty nodes on the way to the index, from the bottom up.
    void prune(uint32_t index) {
        Node* path[highest];
        unsigned depth = 0;
        for (Node* node = root_; node && depth < height_; ++depth) {
            path[depth] = node;
            if (depth + 1 == height_) { ++depth; break; }
            node = static_cast<Node*>(node->slots[slot(index, height_ - depth)]);
        }
        while (depth-- > 0 && path[depth]->used == 0) {
            free_node(path[depth]);
            if (depth == 0) {
                root_ = nullptr;
                height_ = 0;
            } else {
                path[depth - 1]->slots[slot(index, height_ - depth + 1)] = nullptr;
                --path[depth - 1]->used;
            }
        }
    }

    Memory memory_;
    Node* root_ = nullptr;
    unsigned height_ = 0;
    uint32_t nodes_ = 0;
};

}  // namespace guest
