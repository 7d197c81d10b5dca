// SPDX-License-Identifier: LGPL-2.1-or-later
// Turns what is thrown into a line and a status.
#include "tools/program_end.hpp"

#include <exception>
#include <filesystem>
#include <iostream>
#include <new>

namespace tools {

int complain(const std::string& what, Status status) {
    std::cout.flush();
    std::cerr << "zonescope: " << what << '\n';
    return static_cast<int>(status);
}

int run_program(const std::function<int()>& body) {
    try {
        return body();
    } catch (const Error& e) {
        return complain(e.what(), e.status());
    } catch (const std::filesystem::filesystem_error& e) {
        return complain((e.path1().empty() ? "file system" : e.path1().string()) + ": " + e.code().message() + "; check its path and permissions", Status::wrong_input);
    } catch (const std::bad_alloc&) {
        return complain("out of memory; close other programs and try again", Status::failed);
    } catch (const std::exception& e) {
        return complain(e.what(), Status::failed);
    }
}

}  // namespace tools
