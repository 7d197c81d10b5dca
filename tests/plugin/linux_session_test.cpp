// SPDX-License-Identifier: LGPL-2.1-or-later
// What a recording publishes of a Linux guest, and when it stops looking for one.
#include <gtest/gtest.h>

#include "bochs-plugin/session.h"
#include "synthetic_linux.hpp"

namespace plugin {
namespace {

class LinuxSession : public testing::Test {
protected:
    void begin(const std::string& map) {
        Options options;
        options.output = trace;
        options.system_map = map;
        session = std::make_unique<Session>(options, Session::Setup{1, 1024, 50000000, "p3_katmai"}, Session::Control{[] {}});
        ASSERT_TRUE(session->create()) << session->error();
        ASSERT_TRUE(session->add_cpu(kernel.machine, fast));
    }
    bool has(const std::string& text) const { return contents_of(trace + "/.zonescope/run.json").find(text) != std::string::npos; }

    SyntheticLinux<mm::Pae> kernel;
    TemporaryDirectory directory;
    const std::string trace = directory / "trace";
    FastPath fast;
    std::unique_ptr<Session> session;
};

TEST_F(LinuxSession, PublishesWhatItFinds) {
    begin(kernel.write_map());
    EXPECT_TRUE(session->looks_for_linux());
    mm::trace::State before = kernel.state;
    before.control.cr0 = mm::cr0_pe;
    session->look_at_linux(kernel.machine, before, true);
    EXPECT_TRUE(session->looks_for_linux()) << "the BIOS has no paging";
    kernel.set_zones({{"DMA", 1, 4095, 3998, 3977}, {"Normal", 4096, 225250, 225250, 215000}});
    session->look_at_linux(kernel.machine, kernel.state, false);
    EXPECT_FALSE(session->looks_for_linux());
    EXPECT_TRUE(has("\"guest\": \"Linux 6.1.0-50-686\""));
    EXPECT_TRUE(has("\"split\": \"3:1\"") && has("\"paging\": \"pae\"") && has("\"symbols\": \"System.map\""));
    EXPECT_TRUE(has(R"({"name": "Normal", "node": 0, "start_pfn": 4096, "end_pfn": 229346, "present_pages": 225250})"));
    EXPECT_TRUE(session->in_trampoline(mm::VirtAddr{0xC1400010})) << "the entry code";
    EXPECT_TRUE(has("the symbol init_task is missing: what is done is told by address space")) << "this kernel has no tasks";
    EXPECT_TRUE(has("\"tasks\": false"));
}

TEST_F(LinuxSession, SaysThatTheMapCannotServe) {
    kernel.drop_symbol("linux_banner");
    begin(kernel.write_map());
    EXPECT_FALSE(session->looks_for_linux());
    (void)session->finish(EndReason::shutdown, "");
    EXPECT_TRUE(has("has no symbol linux_banner"));
    EXPECT_TRUE(has("\"guest\": \"\""));
}

TEST_F(LinuxSession, SaysThatTheGuestEndedTooEarly) {
    begin(kernel.write_map());
    session->look_at_linux(kernel.machine, kernel.state, false);
    EXPECT_TRUE(session->looks_for_linux());
    (void)session->finish(EndReason::shutdown, "");
    EXPECT_TRUE(has("ended before it had set up"));
}

}  // namespace
}  // namespace plugin
