// SPDX-License-Identifier: LGPL-2.1-or-later
// Names of machines.
#include "machine.hpp"

namespace tools::claims {
namespace {

constexpr double patience = 600;  // seconds of the host: a guest that hangs must not hold up the others

std::string added(const Machine& m, char between) {
    std::string all;
    for (const std::string& word : {m.append, m.initramfs == Machine{}.initramfs ? std::string{} : m.initramfs, m.apart})
        if (!word.empty()) all += between + word;
    return all;
}

}  // namespace

std::string directory_name(const Machine& m) {
    std::string name = m.split + "-" + m.paging + "-" + std::to_string(m.memory_mib) + "M" + added(m, '-');
    for (char& c : name)
        if (!std::isalnum(static_cast<unsigned char>(c)) && c != '_' && c != '.') c = '-';
    return name;
}

std::string title(const Machine& m) {
    return m.split + " " + m.paging + " " + std::to_string(m.memory_mib) + "M" + added(m, ' ');
}

RecordOptions options_for(const Machine& m) {
    RecordOptions o;
    o.split = m.split, o.paging = m.paging;
    o.memory_mib = m.memory_mib;
    o.append = m.append;
    o.initramfs = m.initramfs;
    o.timeout = patience;
    return o;
}

}  // namespace tools::claims
