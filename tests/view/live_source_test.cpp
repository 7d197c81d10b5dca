// SPDX-License-Identifier: LGPL-2.1-or-later
// The viewer's end of a live recording: what it is told is shown, and whatever comes instead of that is an error message.
#include "tools/view/live_source.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>

#include "live_recording.hpp"
#include "tools/error.hpp"
#include "tools/view/live_strips.hpp"

namespace tools::view {
namespace {

using namespace std::chrono_literals;

// The trace that the viewer is handed over to.
class OpenedTrace final : public Source {
public:
    explicit OpenedTrace(std::string& filter) : filter_{filter} { shown_.guest = "from the trace"; }
    [[nodiscard]] Extent extent() const override { return {1, 2}; }
    [[nodiscard]] bool live() const override { return false; }
    [[nodiscard]] bool can_seek() const override { return true; }
    bool poll() override { return false; }
    void seek(uint64_t) override {}
    [[nodiscard]] uint64_t tick() const override { return 1; }
    bool step(int) override { return true; }
    void advance(uint64_t) override {}
    [[nodiscard]] std::vector<std::string> profiles() const override { return {"p6", "skylake"}; }
    void set_profile(const std::string&) override {}
    [[nodiscard]] std::vector<unsigned> cpus() const override { return {0, 1}; }
    void set_cpu(unsigned) override {}
    void set_filter(const std::string& words) override { filter_ = words; }
    [[nodiscard]] const Snapshot& snapshot() override { return shown_; }
    [[nodiscard]] WalkInspection inspect(mm::VirtAddr) override { return {}; }

private:
    std::string& filter_;
    Snapshot shown_;
};

class LiveSourceTest : public testing::Test {
protected:
    LiveSource::OpenTrace opener() {
        return [this](const std::filesystem::path& directory, const std::string& profile, unsigned cpu) {
            opened = directory.string() + " " + profile + " " + std::to_string(cpu);
            return std::make_unique<OpenedTrace>(filter);
        };
    }
    // Polls until done() or too long.
    template <class Done> static bool watch(LiveSource& source, Done&& done) {
        for (const auto begin = std::chrono::steady_clock::now(); !done(); std::this_thread::sleep_for(2ms)) {
            if (std::chrono::steady_clock::now() - begin > 10s) return false;
            source.poll();
        }
        return true;
    }

    std::atomic<uint64_t> moment{1};
    LiveRecording recording{[this](const plugin::LiveOrder& order) { return small_snapshot(order, moment); }};
    std::string opened, filter;
};

TEST_F(LiveSourceTest, ShowsWhatItIsTold) {
    LiveSource source{recording.socket(), opener()};
    EXPECT_TRUE(source.live());
    EXPECT_FALSE(source.can_seek());
    EXPECT_EQ(source.profiles(), (std::vector<std::string>{"p6", "skylake"}));
    EXPECT_EQ(source.cpus(), (std::vector<unsigned>{0, 1}));
    const Snapshot s = source.snapshot();
    EXPECT_EQ(s.tick, 1000u);
    EXPECT_EQ(s.instructions, 900u) << "those of this CPU, as of a trace";
    EXPECT_NE(s.note.find("walks are counted since tick 7 on all CPUs"), std::string::npos) << s.note;
    EXPECT_EQ(s.task, "sh (12)");
    EXPECT_EQ(s.spans, (std::vector<std::string>{"outer", "inner"}));
    EXPECT_EQ(s.registers.control.cr3, 0x1000u);
    ASSERT_EQ(s.zones.size(), 2u);
    EXPECT_EQ(s.zones[0].name, "DMA");
    EXPECT_EQ(s.zones[0].refills, 1u);
    EXPECT_EQ(s.zones[1].name, "other");
    EXPECT_EQ(s.zones[1].walks, 5u);
    EXPECT_EQ(s.regions[1].start, 0xC0000000u);
    EXPECT_EQ(s.memory.bins.size(), 16u);
    EXPECT_EQ(s.linear.slots[0].content, SlotContent::table);
    EXPECT_TRUE(s.linear.slots[0].user);
    EXPECT_EQ(s.linear.slots[1].content, SlotContent::not_present);
    EXPECT_EQ(s.linear.slots[768].content, SlotContent::large_page);
    EXPECT_EQ(s.linear.split, (SplitLine{0xC0000000, false, 0}));
    EXPECT_EQ(s.linear.root, 0x1000u);
    ASSERT_EQ(s.tlbs.size(), 1u);
    EXPECT_TRUE(s.tlbs[0].at(1, 2).valid);
    EXPECT_EQ(s.tlbs[0].at(1, 2).frame, 0x12u);
    EXPECT_TRUE(s.tlbs_exact);
    EXPECT_EQ(s.flushes[0].dropping, 1u);
}

TEST_F(LiveSourceTest, SaysSinceWhenAndWhatIsRecent) {
    LiveSource source{recording.socket(), opener()};
    EXPECT_EQ(source.snapshot().tlbs[0].at(1, 2).filled, 1000u);
    EXPECT_FALSE(source.snapshot().tlb_dates_exact) << "it may have been filled before it was shown";
    moment = 4;
    ASSERT_TRUE(watch(source, [&] { return source.snapshot().tick == 4000; }));
    EXPECT_EQ(source.snapshot().memory.bins[3].recent_walks, 3u);
    EXPECT_EQ(source.snapshot().linear.slots[0].recent_walks, 3u);
    EXPECT_FALSE(source.snapshot().tlbs[0].at(1, 2).valid);
    EXPECT_EQ(source.snapshot().tlbs[0].at(1, 2).dropped, 4000u);
    EXPECT_EQ(source.snapshot().tlbs[0].at(1, 2).page, 2u) << "what was there";
    const Strips& strips = source.snapshot().strips;
    ASSERT_EQ(strips.columns, 1u);
    EXPECT_EQ(strips.zones[0].walks[0], 3u);
    EXPECT_EQ(strips.flushes[0].flushes[0], 6u);
}

TEST_F(LiveSourceTest, ChoosesProfileAndCpu) {
    LiveSource source{recording.socket(), opener(), "skylake"};
    ASSERT_TRUE(watch(source, [&] { return source.snapshot().profile == "skylake"; }));
    source.set_profile("p6"), source.set_cpu(1);
    ASSERT_TRUE(watch(source, [&] { return source.snapshot().profile == "p6" && source.snapshot().cpu == 1; }));
    EXPECT_THROW(source.set_profile("p5"), InputError);
    EXPECT_THROW(source.set_cpu(2), InputError);
    EXPECT_THROW((LiveSource{recording.socket(), opener(), "p5"}), InputError);
}

TEST_F(LiveSourceTest, InspectsPages) {
    LiveSource source{recording.socket(), opener()};
    const WalkInspection first = source.inspect(mm::VirtAddr{0x2ABC});
    EXPECT_EQ(first.entries.at(1).note, "asked for, and not answered yet");
    EXPECT_TRUE(first.pending);
    EXPECT_EQ(first.cached.size(), 1u);
    for (const CachedTranslation& c : first.cached) EXPECT_EQ(c.when, CachedWhen::not_known) << "when it was first shown is not when it was cached";
    ASSERT_TRUE(watch(source, [&] { return source.inspect(mm::VirtAddr{0x2ABC}).mapped; }));
    const WalkInspection w = source.inspect(mm::VirtAddr{0x2ABC});
    EXPECT_EQ(w.entries.size(), 3u);
    EXPECT_EQ(w.entries[2].name, "PTE 2");
    EXPECT_EQ(w.entries[2].value, 0x12067u);
    EXPECT_EQ(w.frame, mm::Pfn{0x12});
    EXPECT_EQ(w.zone, "DMA");
    EXPECT_TRUE(w.cached_exact);
    EXPECT_FALSE(w.pending);
    EXPECT_EQ(w.tick, 1000u);
    EXPECT_EQ(w.entries[1].unchanged_since, 7u);
    EXPECT_FALSE(w.entries[1].changed);
    EXPECT_EQ(w.entries[2].changed, 960u);
    EXPECT_FALSE(w.entries[0].changed || w.entries[0].unchanged_since) << "of CR3 nothing is told";
    ASSERT_EQ(w.cached.size(), 4u);
    EXPECT_EQ(w.cached[0].when, CachedWhen::at);
    EXPECT_EQ(w.cached[0].since, 950u);
    EXPECT_TRUE(w.cached[0].agrees);
    EXPECT_EQ(w.cached[1].when, CachedWhen::not_before);
    EXPECT_EQ(w.cached[2].when, CachedWhen::before);
    EXPECT_FALSE(w.cached[2].agrees) << "another frame";
    EXPECT_EQ(w.cached[3].when, CachedWhen::not_known);
    EXPECT_TRUE(w.cached[3].agrees);
}

// A question is asked again only when its answer was taken: who asks for an answer now and then has the first one.
TEST_F(LiveSourceTest, AnswersOnceToAQuestion) {
    LiveSource source{recording.socket(), opener()};
    const mm::VirtAddr at{0x2ABC};
    EXPECT_TRUE(source.inspect(at).pending);
    WalkInspection w;
    ASSERT_TRUE(watch(source, [&] { return !(w = source.inspect(at)).pending; }));
    EXPECT_EQ(w.tick, 1000u);
    moment = 3;
    ASSERT_TRUE(watch(source, [&] { return source.snapshot().tick == 3000; }));
    for (int n = 0; n < 50; ++n) source.poll(), std::this_thread::sleep_for(1ms);
    EXPECT_EQ(source.inspect(at).tick, 1000u) << "nobody had asked again";
    ASSERT_TRUE(watch(source, [&] { return source.inspect(at).tick == 3000; }));
}

TEST_F(LiveSourceTest, HandsOverToTheFinishedTrace) {
    LiveSource source{recording.socket(), opener(), "skylake"};
    source.set_filter("zone=DMA");
    EXPECT_THROW(source.set_filter("colour=red"), InputError);
    recording.finish();
    ASSERT_TRUE(watch(source, [&] { return !source.live(); }));
    EXPECT_EQ(opened, recording.trace().string() + " skylake 0");
    EXPECT_EQ(filter, "zone=DMA");
    EXPECT_TRUE(source.can_seek());
    EXPECT_TRUE(source.step(1));
    EXPECT_EQ(source.snapshot().guest, "from the trace");
}

TEST_F(LiveSourceTest, KeepsTheLastMomentWhereTheTraceCannotBeOpened) {
    LiveSource source{recording.socket(), [](const std::filesystem::path&, const std::string&, unsigned) -> std::unique_ptr<Source> { throw InputError{"trace", "is gone"}; }};
    moment = 2;
    recording.finish();
    ASSERT_TRUE(watch(source, [&] { return !source.live(); }));
    EXPECT_EQ(source.snapshot().tick, 2000u);
    EXPECT_NE(source.snapshot().note.find("trace: is gone"), std::string::npos);
    EXPECT_FALSE(source.can_seek());
    EXPECT_FALSE(source.poll());
}

TEST(LiveSource, SaysThatNobodyIsThere) {
    const TemporaryDirectory directory;
    try {
        LiveSource source{directory.path() / "live", {}};
        FAIL();
    } catch (const InputError& e) {
        EXPECT_NE(std::string{e.what()}.find("no recording serves viewers there"), std::string::npos);
    }
    EXPECT_THROW((LiveSource{directory.path() / std::string(200, 'x'), {}}), InputError);
}

// Somebody else's socket: says these lines to whoever comes, and hangs up.
void expect_error(const std::string& lines, const std::string& expected) {
    const TemporaryDirectory directory;
    const std::string path = directory.path() / "live";
    const int listener = socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
    ASSERT_EQ(bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    ASSERT_EQ(listen(listener, 1), 0);
    std::thread speaker{[&] {
        const int connection = accept(listener, nullptr, nullptr);
        (void)!send(connection, lines.data(), lines.size(), MSG_NOSIGNAL);
        close(connection);
    }};
    try {
        LiveSource source{path, {}};
        while (source.live()) source.poll();
        ADD_FAILURE() << lines.substr(0, 80) << ": no error, but " << source.snapshot().note;
    } catch (const InputError& e) {
        EXPECT_NE(std::string{e.what()}.find(expected), std::string::npos) << e.what();
    }
    speaker.join();
    close(listener);
}

TEST(LiveSource, SaysWhatIsNoRecording) {
    const std::string hello = plugin::to_line(plugin::LiveHello{"/trace", 64, 50000000, 1, {"p6"}, {}}), snapshot = plugin::to_line(small_snapshot({}, 1));
    expect_error("", "closed the connection without a word");
    expect_error("HTTP/1.1 400 Bad Request\r\n", "is no JSON object");
    expect_error("{\"type\": \"snapshot\"}\n", "");
    expect_error(snapshot, "does not greet as a recording does");
    expect_error("{\"type\": \"error\", \"message\": \"there are 4 viewers already\"}\n", "there are 4 viewers already");
    std::string later = hello;
    later.replace(later.find("\"protocol\": 1"), 13, "\"protocol\": 2");
    expect_error(later, "speaks version 2 of the live protocol, and this viewer version 1");
    expect_error(hello + snapshot + "\x01\xff nonsense\n", "'?\xff nonsense' is no JSON object");
}

// What a broken emulator tells must not keep the viewer busy.
TEST(LiveStrips, AJumpOfTimeIsNotWalkedThrough) {
    LiveStrips strips{1};
    Snapshot s;
    s.zones.resize(1);
    for (const uint64_t tick : {uint64_t{1}, uint64_t{5}, uint64_t{1} << 60, (uint64_t{1} << 60) + 3}) {
        s.tick = tick;
        strips.take(s);
        EXPECT_LE(strips.strips(s).columns, LiveStrips::most_columns);
        EXPECT_EQ(strips.strips(s).first + strips.strips(s).columns, tick + 1);
    }
}

}  // namespace
}  // namespace tools::view
