// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace model_search {

// What the values of flags are chosen from.

/// The steps, as rows name them.
[[nodiscard]] const std::vector<std::string>& step_choices();
[[nodiscard]] std::vector<std::string> architecture_choices();
/// Of the CPU first, then of a GPU.
[[nodiscard]] std::vector<std::string> decoder_choices();
[[nodiscard]] std::vector<std::string> precision_choices();

inline const std::vector<std::string> mode_choices{"serial", "prefetch", "overlapped"};
inline const std::vector<std::string> transfer_choices{"pinned", "pageable", "pinned_async"};
inline const std::vector<std::string> input_choices{"float32", "uint8"};
inline const std::vector<std::string> layout_choices{"contiguous", "channels_last"};
inline const std::vector<std::string> execution_choices{"eager", "cuda_graph"};
inline const std::vector<std::string> storage_choices{"float32", "float16", "bfloat16"};
inline const std::vector<std::string> page_cache_choices{"warm", "cold"};
inline const std::vector<std::string> split_choices{"train", "val"};
inline const std::vector<std::string> preset_choices{"study", "cpu"};
inline const std::vector<std::string> data_choices{"jpeg", "tensors", "text", "tokens"};
inline const std::vector<std::string> padding_choices{"fixed", "longest"};
inline const std::vector<std::string> pooling_choices{"cls", "pooler", "mean"};

}  // namespace model_search
