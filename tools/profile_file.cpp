// SPDX-License-Identifier: LGPL-2.1-or-later
// Takes values out of a TOML file and says exactly where it is wrong.
#include "profile_file.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>

#include "command_line.hpp"
#include "error.hpp"
#include "profile_keys.hpp"

namespace tools {
namespace {

constexpr double largest = 1e9;  // of any figure

std::vector<std::string> words_of(const std::string& text) {
    std::istringstream in{text};
    return {std::istream_iterator<std::string>{in}, {}};
}

}  // namespace

ProfileFile::ProfileFile(const std::filesystem::path& file) : file_{file} {
    std::ifstream in{file};
    if (std::filesystem::is_directory(file) || !in)
        throw InputError{file.string(), "cannot be read; `zonescope profiles` lists the profiles that exist"};
    contents_.assign(std::istreambuf_iterator<char>{in}, {});
    try {
        root_ = toml::parse(contents_, file.string());
    } catch (const toml::parse_error& e) {
        throw InputError{file.string() + ":" + std::to_string(e.source().begin.line), std::string{e.description()}};
    }
}

void ProfileFile::fail_at(const toml::node* node, const std::string& what) const {
    throw InputError{file_.string() + ":" + std::to_string(node == &root_ ? 1 : node->source().begin.line), what};
}

void ProfileFile::fail(const std::string& key, const std::string& what) const {
    const toml::node* node = root_.at_path(key).node();
    for (std::string outer = key; !node;) {
        const size_t dot = outer.rfind('.');
        outer.resize(dot == std::string::npos ? 0 : dot);
        node = outer.empty() ? &root_ : root_.at_path(outer).node();
    }
    fail_at(node, "key '" + key + "' " + what);
}

int64_t ProfileFile::integer(const std::string& key) const {
    if (!has(key)) fail(key, "is missing; add it as a whole number");
    const auto value = root_.at_path(key).value_exact<int64_t>();
    if (!value) fail(key, "must be a whole number");
    return *value;
}

std::string ProfileFile::text(const std::string& key) const {
    if (!has(key)) fail(key, "is missing; add it as a string");
    const auto value = root_.at_path(key).value_exact<std::string>();
    if (!value) fail(key, "must be a string");
    return *value;
}

const toml::table& ProfileFile::table(const std::string& key, const std::string& must_be) const {
    if (!has(key)) fail(key, "is missing; add it as " + must_be);
    const toml::table* t = root_.at_path(key).as_table();
    if (!t) fail(key, "must be " + must_be);
    return *t;
}

std::string ProfileFile::source(const std::string& of) const {
    std::string source = text(of + ".source");
    if (source.find_first_not_of(' ') == std::string::npos)
        fail(of + ".source", "is empty; say who published it, or 'assumed: ' and from what it is bounded");
    return source;
}

double ProfileFile::number(const std::string& key) const {
    if (!has(key)) fail(key, "is missing; add it as a number");
    const auto node = root_.at_path(key);
    if (!node.is_number()) fail(key, "must be a number");
    const double value = node.value<double>().value_or(-1);
    if (!(value >= 0 && value < largest)) fail(key, "must be a number from 0 to 1e9");
    return value;
}

Figure ProfileFile::figure(const std::string& key) const {
    const toml::table& t = table(key, "{ best = …, low = …, high = …, source = \"…\" }");
    reject_others(t, key, {"best", "low", "high", "source"});
    Figure f;
    f.best = number(key + ".best");
    f.low = t.contains("low") ? number(key + ".low") : f.best;
    f.high = t.contains("high") ? number(key + ".high") : f.best;
    f.source = source(key);
    if (f.low > f.best || f.best > f.high) fail(key, "must have low <= best <= high; put them in order");
    if (f.assumed() && !(t.contains("low") && t.contains("high")))
        fail(key, "is assumed, so it needs low and high: an interval that surely holds it");
    return f;
}

Choice ProfileFile::choice(const std::string& key, const std::string& words) const {
    const bool truth = words == truth_words;
    const std::string allowed = truth ? "true or false" : join(words_of(words));
    const toml::table& t = table(key, truth ? "{ is = true or false, source = \"…\" }" : "{ is = \"…\", source = \"…\" }, with one of " + allowed);
    reject_others(t, key, {"is", "source"});
    const std::string is = key + ".is";
    if (!has(is)) fail(is, "is missing; give " + std::string{truth ? "" : "one of "} + allowed);
    if (truth) {
        const auto value = root_.at_path(is).value_exact<bool>();
        if (!value) fail(is, "must be true or false, without quotes");
        return {*value ? "true" : "false", source(key)};
    }
    const std::string word = text(is);
    const auto known = words_of(words);
    if (std::find(known.begin(), known.end(), word) == known.end()) fail(is, "is '" + word + "'; it must be one of " + allowed);
    return {word, source(key)};
}

void ProfileFile::reject_others(const toml::table& t, const std::string& prefix, const std::vector<std::string>& known) const {
    for (auto&& [key, value] : t)
        if (std::find(known.begin(), known.end(), key.str()) == known.end())
            fail_at(&value, "key '" + (prefix.empty() ? "" : prefix + ".") + std::string{key} + "' is unknown; " +
                                (prefix.empty() ? "the file" : "'" + prefix + "'") + " has " + join(known));
}

void ProfileFile::reject_unknown_keys() const {
    reject_others(root_, "", {"schema", "name", "title", "tlb", "walk", "cost"});
    std::vector<std::string> tlbs, shapes;
    for (const TlbKey& k : tlb_keys) tlbs.emplace_back(k.key);
    for (const ShapeKey& k : shape_keys) shapes.emplace_back(k.key);
    tlbs.emplace_back("shape");
    reject_others(table("tlb", "a table"), "tlb", tlbs);
    reject_others(table("tlb.shape", "a table"), "tlb.shape", shapes);
    for (const TlbKey& k : tlb_keys)
        if (const std::string key = std::string{"tlb."} + k.key; has(key)) reject_others(table(key, "a table"), key, {"entries", "ways", "replacement"});
    for (const char* name : {"walk", "cost"}) {
        std::vector<std::string> known;
        for (const FigureKey& k : figure_keys)
            if (k.table == std::string{name}) known.emplace_back(k.key);
        reject_others(table(name, "a table"), name, known);
    }
}

}  // namespace tools
