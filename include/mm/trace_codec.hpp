// SPDX-License-Identifier: LGPL-2.1-or-later
// Encoder and decoder of trace events, which keep the same memory of a packet's walks.
#pragma once

#include "mm/trace_decoder.hpp"
#include "mm/trace_encoder.hpp"
#include "mm/trace_walk_view.hpp"
