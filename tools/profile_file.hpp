// SPDX-License-Identifier: LGPL-2.1-or-later
// A profile's TOML file while it is read: values by their dotted key, and errors with the file and the line.
#pragma once

#include <filesystem>
#include <string>

#include <toml++/toml.h>

#include "profile.hpp"

namespace tools {

class ProfileFile final {
public:
    // Throws InputError if the file cannot be read or is no TOML.
    explicit ProfileFile(const std::filesystem::path& file);

    // Throws InputError `FILE:LINE: key 'KEY' WHAT`; the line is the key's, or that of the innermost table which is there.
    [[noreturn]] void fail(const std::string& key, const std::string& what) const;

    [[nodiscard]] bool has(const std::string& key) const { return root_.at_path(key).node() != nullptr; }

    [[nodiscard]] const std::string& contents() const { return contents_; }

    // Each throws InputError if the key is missing or its value is not what it must be.
    [[nodiscard]] int64_t integer(const std::string& key) const;
    [[nodiscard]] std::string text(const std::string& key) const;
    [[nodiscard]] Figure figure(const std::string& key) const;                             // { best, low, high, source }
    [[nodiscard]] Choice choice(const std::string& key, const std::string& words) const;   // { is, source }

    // A key that nobody reads is a spelling mistake: says so, and which keys there are.
    void reject_unknown_keys() const;

private:
    [[nodiscard]] const toml::table& table(const std::string& key, const std::string& must_be) const;
    [[nodiscard]] double number(const std::string& key) const;
    [[nodiscard]] std::string source(const std::string& of) const;
    void reject_others(const toml::table& table, const std::string& prefix, const std::vector<std::string>& known) const;
    [[noreturn]] void fail_at(const toml::node* node, const std::string& what) const;

    std::filesystem::path file_;
    std::string contents_;
    toml::table root_;
};

}  // namespace tools
