// SPDX-License-Identifier: LGPL-2.1-or-later
// One part of the window. It draws itself from a snapshot, tells what lies under the mouse, and remembers only how it is looked at.
#pragma once

#include <optional>
#include <string>

#include "canvas.hpp"
#include "flashes.hpp"
#include "tools/view/snapshot.hpp"
#include "tools/view/walk_inspection.hpp"

namespace tools::view {

enum class Heat : uint8_t { walks, fills };

// What a picture depends on besides its moment and how a panel is zoomed.
struct Look {
    Heat heat = Heat::walks;
    std::optional<uint32_t> selected;               // the linear address in the inspector
    const WalkInspection* inspection = nullptr;     // of it; none: nothing is inspected
    const Flashes* flashes = nullptr;               // none: nothing flashes
};

// What the mouse points at.
struct Hit {
    std::string text;                               // lines
    std::optional<uint32_t> linear;                 // a click inspects this address
    Rect mark;                                      // to be outlined; may be empty
};

class Panel {
public:
    virtual ~Panel() = default;

    [[nodiscard]] virtual const char* title() const = 0;
    // What is drawn and in which unit: stands beside the title.
    [[nodiscard]] virtual std::string subtitle(const Snapshot& now, const Look& look) const = 0;
    virtual void draw(Canvas& canvas, Rect body, const Snapshot& now, const Look& look) = 0;
    [[nodiscard]] virtual std::optional<Hit> hit(const Canvas& canvas, Rect body, const Snapshot& now, const Look& look, Point at) const = 0;
    // `steps` above 0: nearer. `at`: what stays in its place.
    virtual void zoom(const Canvas&, Rect /*body*/, const Snapshot&, int /*steps*/, Point /*at*/) {}
    // By rows, or lines.
    virtual void scroll(const Snapshot&, int /*rows*/) {}
};

}  // namespace tools::view
