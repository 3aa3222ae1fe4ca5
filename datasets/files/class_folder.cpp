// SPDX-License-Identifier: Apache-2.0
#include "datasets/files/class_folder.h"

#include <algorithm>
#include <cctype>
#include <stdexcept>
#include <string_view>
#include <system_error>

#include "datasets/files/fingerprint.h"

namespace model_search {
namespace {

namespace fs = std::filesystem;

bool is_hidden(const fs::path& path) {
  return path.filename().native().starts_with('.');
}

bool is_item(const fs::path& path, const ItemKind& kind) {
  std::string extension = path.extension().string();
  std::ranges::transform(extension, extension.begin(),
                         [](unsigned char letter) { return std::tolower(letter); });
  return std::ranges::find(kind.extensions, extension) != kind.extensions.end();
}

/// The entries of a folder in byte order of their names.
std::vector<fs::directory_entry> sorted_entries(const fs::path& folder) {
  try {
    std::vector<fs::directory_entry> entries(fs::directory_iterator{folder}, {});
    std::ranges::sort(entries, {}, [](const auto& entry) { return entry.path().native(); });
    return entries;
  } catch (const fs::filesystem_error& error) {
    throw std::runtime_error("cannot read the folder '" + folder.string() +
                             "': " + error.code().message());
  }
}

bool is_folder(const fs::directory_entry& entry) {
  std::error_code ignored;
  return entry.is_directory(ignored);
}

std::string folder_names(const fs::path& directory) {
  std::string names;
  for (const auto& entry : sorted_entries(directory)) {
    if (!is_folder(entry) || is_hidden(entry.path())) continue;
    names += (names.empty() ? "" : ", ") + entry.path().filename().string();
  }
  return names.empty() ? "no folder" : names;
}

void require_split(const fs::path& directory, const std::string& split, const ItemKind& kind) {
  std::error_code error;
  const fs::file_status status = fs::status(directory, error);
  if (!fs::exists(status)) {
    throw std::runtime_error("the data set folder '" + directory.string() +
                             "' cannot be found: " + error.message());
  }
  if (!fs::is_directory(status)) {
    throw std::runtime_error("the data set '" + directory.string() + "' is not a folder");
  }
  if (split.empty() || !fs::is_directory(directory / split, error)) {
    throw std::runtime_error("the data set folder '" + directory.string() + "' has no split '" +
                             split + "'; it holds: " + folder_names(directory) + " (expected: " +
                             directory.string() + "/" + std::string(kind.example) + ")");
  }
}

void list_class(const fs::path& class_folder, const ItemKind& kind, ClassFolder& folder) {
  const auto label = static_cast<std::int64_t>(folder.classes.size());
  const std::size_t before = folder.files.size();
  for (const auto& entry : sorted_entries(class_folder)) {
    if (is_hidden(entry.path()) || is_folder(entry) || !is_item(entry.path(), kind)) {
      ++folder.ignored_files;
      continue;
    }
    std::error_code error;
    // A broken link or a device is an error, not an ignored file.
    if (!entry.is_regular_file(error)) {
      throw std::runtime_error("the " + std::string(kind.noun) + " '" + entry.path().string() +
                               "' is not a file" + (error ? ": " + error.message() : ""));
    }
    folder.files.push_back({entry.path(), label});
  }
  if (folder.files.size() == before) {
    std::string extensions;
    for (const std::string_view extension : kind.extensions) {
      extensions += (extensions.empty() ? "" : ", ") + std::string(extension);
    }
    throw std::runtime_error("the class folder '" + class_folder.string() + "' holds no " +
                             std::string(kind.noun) + " (" + extensions +
                             "): add some or remove it");
  }
  folder.classes.push_back(class_folder.filename().string());
}

std::string hash_files(const ClassFolder& folder, bool with_times) {
  Fingerprint fingerprint;
  fingerprint.add(folder.split);
  for (const LabelledFile& file : folder.files) {
    std::error_code error;
    fingerprint.add(folder.classes.at(static_cast<std::size_t>(file.label)));
    fingerprint.add(file.path.filename().native());
    fingerprint.add(static_cast<std::uint64_t>(fs::file_size(file.path, error)));
    if (with_times && !error) {
      const auto time = fs::last_write_time(file.path, error).time_since_epoch().count();
      fingerprint.add(static_cast<std::uint64_t>(time));
    }
    if (error) {
      throw std::runtime_error("cannot read '" + file.path.string() + "': " + error.message());
    }
  }
  return fingerprint.hex();
}

}  // namespace

std::string ClassFolder::identity() const {
  return hash_files(*this, false);
}
std::string ClassFolder::cache_identity() const {
  return hash_files(*this, true);
}

const ItemKind& image_kind() {
  static const ItemKind kind{.noun = "image",
                             .extensions = {".jpeg", ".jpg", ".png"},
                             .ignored_classes = {},
                             .example = "{train,val}/<class>/*.JPEG"};
  return kind;
}

const ItemKind& text_kind() {
  static const ItemKind kind{.noun = "text",
                             .extensions = {".txt"},
                             .ignored_classes = {"unsup"},
                             .example = "{train,test}/{pos,neg}/*.txt"};
  return kind;
}

std::vector<std::filesystem::path> ClassFolder::paths() const {
  std::vector<std::filesystem::path> all;
  all.reserve(files.size());
  for (const LabelledFile& file : files) all.push_back(file.path);
  return all;
}

ClassFolder list_class_folder(const fs::path& directory, const std::string& split,
                              const ItemKind& kind) {
  require_split(directory, split, kind);
  ClassFolder folder{.directory = directory, .split = split, .classes = {}, .files = {}};
  for (const auto& entry : sorted_entries(directory / split)) {
    const bool ignored =
        std::ranges::find(kind.ignored_classes, entry.path().filename().string()) !=
        kind.ignored_classes.end();
    if (is_folder(entry) && !is_hidden(entry.path()) && !ignored) {
      list_class(entry.path(), kind, folder);
    } else {
      ++folder.ignored_files;
    }
  }
  if (folder.files.empty()) {
    throw std::runtime_error("'" + (directory / split).string() +
                             "' holds no class folders, so there are no items (expected: " +
                             directory.string() + "/" + std::string(kind.example) + ")");
  }
  return folder;
}

}  // namespace model_search
