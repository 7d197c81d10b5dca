// SPDX-License-Identifier: LGPL-2.1-or-later
// A small JSON writer: whoever builds Bochs with the plugin needs no JSON library.
#pragma once

#include <stdint.h>

#include <string>
#include <vector>

namespace plugin {

class JsonText {
public:
    std::string text;

    JsonText& open(char bracket) { return separate(), text += bracket, first_ = true, *this; }
    JsonText& close(char bracket) { return text += bracket, first_ = false, *this; }
    JsonText& key(const char* name) { return value(name), text += ": ", first_ = true, *this; }
    JsonText& value(const std::string& s) { return separate(), quote(s), *this; }
    JsonText& value(const char* s) { return value(std::string{s}); }
    JsonText& value(bool b) { return separate(), text += b ? "true" : "false", *this; }
    JsonText& value(uint64_t n) { return separate(), text += std::to_string(n), *this; }
    JsonText& value(int64_t n) { return separate(), text += std::to_string(n), *this; }
    JsonText& value(unsigned n) { return value(uint64_t{n}); }
    template <class T> JsonText& member(const char* name, const T& v) { return key(name).value(v); }
    // A member of the outermost object, on a line of its own.
    JsonText& line(const char* name) { return separate(), text += "\n  ", first_ = true, key(name); }
    // All values of a container.
    template <class All> JsonText& values(const All& all) {
        open('[');
        for (const auto& each : all) value(each);
        return close(']');
    }

private:
    void separate() {
        if (!first_) text += ", ";
        first_ = false;
    }
    // Bytes above 0x7F, which may be no UTF-8 as they come from a guest, become '?'.
    void quote(const std::string& s) {
        constexpr char digits[] = "0123456789abcdef";
        text += '"';
        for (const char c : s) {
            const unsigned char byte = static_cast<unsigned char>(c);
            if (c == '"' || c == '\\') text += '\\', text += c;
            else if (byte < 0x20) text += "\\u00", text += digits[byte >> 4], text += digits[byte & 15];
            else text += byte < 0x7F ? c : '?';
        }
        text += '"';
    }
    bool first_ = true;
};

}  // namespace plugin
