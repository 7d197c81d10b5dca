// SPDX-License-Identifier: LGPL-2.1-or-later
// The two forms in which `annotate` prints: for people, for programs.
#pragma once

#include <iosfwd>

#include <nlohmann/json_fwd.hpp>

#include "annotation.hpp"

namespace tools {

struct AnnotateChoice {
    bool named = false;    // the user asked for these functions: all their instructions
    bool all = false;      // instructions without counts, too
    size_t most_code = 3;  // functions whose instructions are printed; the others are in the table
};

// `functions`: those to print, of `a`'s or the one that was asked for.
void print_annotation(const Statistics& s, const Annotation& a, const std::vector<AnnotatedFunction>& functions, CodeView& code, const AnnotateChoice& choice,
                      std::ostream& out);

// doc/json.md lists the keys.
[[nodiscard]] nlohmann::ordered_json annotation_json(const Statistics& s, const Annotation& a, const std::vector<AnnotatedFunction>& functions, CodeView& code,
                                                      const AnnotateChoice& choice);

}  // namespace tools
