// SPDX-License-Identifier: LGPL-2.1-or-later
// The recordings of a run of `claims`: which there must be, which a former run in the same directory left, and all of them made.
//
//   DIR/claims.json                       what is here: machines, workloads, and the results
//   DIR/3-1-classic-1024M/ ...            a trace directory for each machine
#pragma once

#include "claim.hpp"
#include "tools/recording_job.hpp"

namespace tools::claims {

inline constexpr int claims_schema = 1;
inline constexpr char claims_file[] = "claims.json";

struct Recording : RecordingJob {
    Machine machine;
};

// One recording for each machine that the chosen claims need, with the workloads that all claims of the catalogue need of
// it: what is measured does not depend on which claims were chosen. Marks those that are there, with all profiles, as kept. Throws InputError
// if the directory holds something else.
[[nodiscard]] std::vector<Recording> recordings_for(const std::vector<const Claim*>& chosen, const std::vector<Claim>& all,
                                                    const std::vector<std::string>& profiles, const std::filesystem::path& output);

// Makes those that are missing. Whatever happens, claims.json then lists the complete ones, so that they can be kept.
void make_recordings(std::vector<Recording>& recordings, const std::filesystem::path& output, unsigned at_a_time,
                     const std::function<void(size_t, size_t)>& progress);

// The facts of all of them by each profile; a recording that failed is there with its problem.
[[nodiscard]] std::vector<Evidence> evidence_from(const std::vector<Recording>& recordings, const std::vector<std::string>& profiles);

// Adds the results to claims.json.
void write_results(const std::filesystem::path& output, const nlohmann::ordered_json& claims);

}  // namespace tools::claims
