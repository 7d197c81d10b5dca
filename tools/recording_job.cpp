// SPDX-License-Identifier: LGPL-2.1-or-later
// Workers that take recordings from a list.
#include "recording_job.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>

#include "interruption.hpp"

namespace tools {
namespace {

void record_one(RecordingJob& job) {
    const auto start = std::chrono::steady_clock::now();
    try {
        const RecordOutcome outcome = record(job.options, [](uint64_t, uint64_t) {});
        job.recorded = true;
        job.status = outcome.status;
        job.problem = outcome.problem;
        for (const std::string& line : outcome.guest_failures) job.problem += "\n  guest: " + line;
    } catch (const Error& e) {
        job.status = e.status();
        job.problem = e.what();  // the directory is named when the problem is shown
        if (const std::string subject = job.options.output.string() + ": "; job.problem.rfind(subject, 0) == 0) job.problem.erase(0, subject.size());
    } catch (const std::exception& e) {
        job.status = Status::failed;
        job.problem = e.what();
    }
    job.seconds = std::chrono::duration<double>{std::chrono::steady_clock::now() - start}.count();
}

}  // namespace

void run_jobs(const std::vector<RecordingJob*>& jobs, unsigned at_a_time, const std::function<void(size_t, size_t)>& progress) {
    std::atomic<size_t> next = 0, done = 0;
    const auto work = [&] {
        for (size_t i = next++; i < jobs.size(); i = next++) {
            RecordingJob& job = *jobs[i];
            if (!job.kept && interrupted()) job.status = Status::failed, job.problem = "interrupted";
            else if (!job.kept) record_one(job);
            ++done;
        }
    };
    std::vector<std::jthread> workers;
    for (unsigned j = 0; j < std::min<size_t>(at_a_time, jobs.size()); ++j) workers.emplace_back(work);
    while (done < jobs.size()) {
        progress(done, jobs.size());
        std::this_thread::sleep_for(std::chrono::milliseconds{100});
    }
}

}  // namespace tools
