// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string_view>
#include <vector>

#include "datasets/files/left_out.h"

namespace model_search {

/// What a data set's items are, for listing their files.
struct ItemKind {
  std::string_view noun;                          ///< in messages: "image"
  std::vector<std::string_view> extensions;       ///< lower case, with the dot
  std::vector<std::string_view> ignored_classes;  ///< folders that are not classes
  std::string_view example;                       ///< in messages: "{train,val}/<class>/*.JPEG"
};

/// Whether the name ends with one of the kind's extensions, in any case.
[[nodiscard]] bool is_item(const std::filesystem::path& path, const ItemKind& kind);
/// Whether the name begins with a dot.
[[nodiscard]] bool is_hidden(const std::filesystem::path& path);
[[nodiscard]] bool is_folder(const std::filesystem::directory_entry& entry);

/// The entries of a folder in byte order of their names. Throws std::runtime_error that names the
/// folder where it cannot be read.
[[nodiscard]] std::vector<std::filesystem::directory_entry> sorted_entries(
    const std::filesystem::path& folder);

/// The items in `folder` and in all folders below it, through links too, in the order of
/// torchvision's ImageFolder: by the paths of their folders, then by name. What is not an item, or
/// hidden, is counted in `left_out`; so is a link to a folder above itself, which would never end.
/// What is not a folder is taken by its name alone, as ImageFolder takes it: a broken link or a
/// pipe is an item that cannot be read.
[[nodiscard]] std::vector<std::filesystem::path> walk_items(const std::filesystem::path& folder,
                                                            const ItemKind& kind,
                                                            LeftOut& left_out);

/// The items directly in `folder`, likewise.
[[nodiscard]] std::vector<std::filesystem::path> items_in(const std::filesystem::path& folder,
                                                          const ItemKind& kind, LeftOut& left_out);

}  // namespace model_search
