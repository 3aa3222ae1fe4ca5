// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace model_search {

/// What a data set's items are, for listing their files.
struct ItemKind {
  std::string_view noun;                          ///< in messages: "image"
  std::vector<std::string_view> extensions;       ///< lower case, with the dot
  std::vector<std::string_view> ignored_classes;  ///< folders that are not classes
  std::string_view example;                       ///< in messages: "{train,val}/<class>/*.JPEG"
};

/// Photographs in ImageNette's layout: {train,val}/<class>/*.{JPEG,jpeg,jpg,JPG,png,PNG}.
[[nodiscard]] const ItemKind& image_kind();
/// Texts in IMDB's layout: {train,test}/{pos,neg}/*.txt. Its `unsup` folder has no labels and is
/// ignored.
[[nodiscard]] const ItemKind& text_kind();

/// One item's file and the index of its class.
struct LabelledFile {
  std::filesystem::path path;
  std::int64_t label = 0;
};

/// The files of one split of a data set, `directory/<split>/<class>/*`; classes and files in byte
/// order of their names, so that the order is the same on every machine (torchvision's ImageFolder
/// order). Files of other kinds, hidden files and ignored folders are not items; `ignored_files`
/// counts them.
struct ClassFolder {
  std::filesystem::path directory;
  std::string split;
  std::vector<std::string> classes;
  std::vector<LabelledFile> files;
  std::size_t ignored_files = 0;

  /// Equal on every machine that holds the same files: a hash of relative names and sizes.
  [[nodiscard]] std::string identity() const;
  /// A hash of identity() and the modification times: the key of caches on this machine.
  [[nodiscard]] std::string cache_identity() const;
  /// The paths of `files`, in their order.
  [[nodiscard]] std::vector<std::filesystem::path> paths() const;
};

/// Lists `directory/split`. Throws std::runtime_error that names the folder (and the choices) where
/// the directory or the split is missing or cannot be read, where a class folder has no item, and
/// where there are no classes or no items.
[[nodiscard]] ClassFolder list_class_folder(const std::filesystem::path& directory,
                                            const std::string& split, const ItemKind& kind);

}  // namespace model_search
