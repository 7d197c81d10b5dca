// SPDX-License-Identifier: LGPL-2.1-or-later
// The addresses in a Linux kernel's System.map: lines as nm prints them, "c1000000 T _text".
#pragma once

#include <stdint.h>

#include <optional>
#include <string>
#include <unordered_map>

#include "mm/addr.hpp"

namespace plugin {

class SystemMap {
public:
    // False: problem() says in one line what is wrong with the file and what to do.
    [[nodiscard]] bool read(const std::string& file);
    const std::string& problem() const { return problem_; }

    // Of two symbols with one name, the first.
    std::optional<mm::VirtAddr> find(const std::string& name) const;

private:
    std::unordered_map<std::string, uint32_t> symbols_;
    std::string problem_;
};

}  // namespace plugin
