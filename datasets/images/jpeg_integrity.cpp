// SPDX-License-Identifier: Apache-2.0
#include "datasets/images/jpeg_integrity.h"

#include <cstdint>
#include <stdexcept>
#include <string>

#include "datasets/images/jpeg_header.h"

namespace model_search {
namespace {

/// Sequential scans without tables use standard ones for the numbers 0 and 1 (motion JPEG).
void require_huffman_tables(const JpegHeader& header) {
  if (header.arithmetic()) return;
  const unsigned standard = header.progressive() ? 0U : 3U;
  const JpegScan& scan = header.scan;
  const bool dc = scan.first == 0 && !(header.progressive() && scan.bits >= 16);
  const bool ac = scan.last > 0 || !header.progressive();
  for (std::size_t i = 0; i < scan.components; ++i) {
    const bool defined = (!dc || ((header.dc_tables | standard) >> scan.dc[i] & 1U) != 0) &&
                         (!ac || ((header.ac_tables | standard) >> scan.ac[i] & 1U) != 0);
    if (!defined) throw std::runtime_error("the JPEG lacks a Huffman table");
  }
}

/// `restarts`: the markers within the last scan.
void require_restarts(const JpegHeader& header, std::size_t restarts) {
  if (header.scan.components == 0 || header.restart_interval == 0) return;
  const std::int64_t needed = (header.scan_units() - 1) / header.restart_interval;
  if (static_cast<std::int64_t>(restarts) >= needed) return;
  throw std::runtime_error("the JPEG is damaged: a scan lacks " +
                           std::to_string(needed - static_cast<std::int64_t>(restarts)) + " of " +
                           std::to_string(needed + 1) + " restart intervals");
}

}  // namespace

void require_intact_jpeg(std::span<const std::byte> file) {
  JpegSegments segments(file);
  JpegHeader header;
  std::size_t scans = 0;
  unsigned scanned = 0;  // components that have a scan, a bit for each
  while (true) {
    const JpegSegment segment = segments.next();
    const bool after_scan = scans > 0 && header.scan.components > 0;
    if (after_scan) {
      require_restarts(header, segment.restarts);
      header.scan.components = 0;
    }
    if (segment.code == 0xD9) break;
    header.read(segment);
    if (segment.code != 0xDA) continue;
    if (++scans > most_scans) {
      throw std::runtime_error("the JPEG has more than " + std::to_string(most_scans) + " scans");
    }
    require_huffman_tables(header);
    for (std::size_t i = 0; i < header.scan.components; ++i) scanned |= 1U << header.scan.which[i];
  }
  if (scanned == 0 || scanned + 1 != 1U << header.components) {
    throw std::runtime_error("the JPEG is damaged: a component has no scan");
  }
}

}  // namespace model_search
