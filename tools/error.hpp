// SPDX-License-Identifier: LGPL-2.1-or-later
// What a verb throws when it cannot go on: one line for the user and the exit status that goes with it.
#pragma once

#include <stdexcept>
#include <string>

namespace tools {

// The exit statuses of every verb (doc/json.md and the man pages repeat them).
enum class Status : int { done = 0, failed = 1, wrong_input = 2 };

// Printed as `zonescope: SUBJECT: what is wrong, and what to do`; the subject is a file, an option or a value.
class Error : public std::runtime_error {
public:
    Error(Status status, const std::string& subject, const std::string& message)
        : std::runtime_error{subject.empty() ? message : subject + ": " + message}, status_{status} {}

    [[nodiscard]] Status status() const { return status_; }

private:
    Status status_;
};

// Wrong usage or input: exit status 2.
class InputError final : public Error {
public:
    InputError(const std::string& subject, const std::string& message) : Error{Status::wrong_input, subject, message} {}
};

// The work failed although the input was right (a broken trace, a full disk, a guest's failure): exit status 1.
class Failure final : public Error {
public:
    Failure(const std::string& subject, const std::string& message) : Error{Status::failed, subject, message} {}
};

}  // namespace tools
