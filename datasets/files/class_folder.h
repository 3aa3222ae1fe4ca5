// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "datasets/files/folder_walk.h"
#include "datasets/files/left_out.h"

namespace model_search {

/// Photographs in ImageNette's layout: {train,val}/<class>/**, named as torchvision's ImageFolder
/// takes them.
[[nodiscard]] const ItemKind& image_kind();
/// Texts in IMDB's layout: {train,test}/{pos,neg}/**.txt. Its `unsup` folder has no labels and is
/// ignored.
[[nodiscard]] const ItemKind& text_kind();

/// The label of an item that has none.
inline constexpr std::int64_t no_label = -1;

/// One item's file and the index of its class.
struct LabelledFile {
  std::filesystem::path path;
  std::int64_t label = 0;
};

/// The files of one split of a data set, `directory/<split>/<class>/**`; classes in byte order of
/// their names and files in the order of walk_items(), so that the order is the same on every
/// machine (torchvision's ImageFolder order). A folder of items without class folders,
/// `directory/<split>/*` or `directory/*` (then the split is empty), has no classes, and its items
/// have no_label.
struct ClassFolder {
  std::filesystem::path directory;
  std::string split;
  std::vector<std::string> classes;
  std::vector<LabelledFile> files;
  LeftOut left_out{};  ///< files of other kinds, hidden ones and folders that are not classes
  /// Files that were taken out because they are damaged: their relative names, each with the
  /// reason.
  std::vector<std::string> damaged{};

  /// Whether the items have labels, so that features of them can be scored.
  [[nodiscard]] bool labeled() const { return !classes.empty(); }
  /// Why its items cannot be scored ("it has no class folders, ..."); empty where they can.
  [[nodiscard]] std::string unscorable() const;
  /// The folder that holds the classes or, without classes, the items.
  [[nodiscard]] std::filesystem::path root() const;
  /// The file's name in root(), with `/` between folders.
  [[nodiscard]] std::string name_of(const LabelledFile& file) const;
  /// Equal on every machine that holds the same files: a hash of relative names and sizes.
  [[nodiscard]] std::string identity() const;
  /// A hash of identity() and the modification times: the key of caches on this machine.
  [[nodiscard]] std::string cache_identity() const;
  /// The paths of `files`, in their order.
  [[nodiscard]] std::vector<std::filesystem::path> paths() const;
};

/// Lists `directory/split`. Throws std::runtime_error that names the folder (and the choices) where
/// the directory or the split is missing or cannot be read, where a class folder has no item, and
/// where the whole folder has none.
[[nodiscard]] ClassFolder list_class_folder(const std::filesystem::path& directory,
                                            const std::string& split, const ItemKind& kind);

}  // namespace model_search
