#!/usr/bin/env bash
# The programs with which tests look at images, render manifests, check the rules for Prometheus, and train a model, besides what Assay itself uses: tools.sh packages
# names the Debian packages that are missing.
set -euo pipefail

# Debian's own Python, which sees Debian's modules; another may come first on the PATH.
has_module() {
  /usr/bin/python3 -c "import $1" 2>/dev/null
}

case "${1:-}" in
  packages)
    has_module PIL.ImageCms || echo python3-pil
    has_module numpy || echo python3-numpy
    command -v heif-convert >/dev/null || echo libheif-examples
    command -v djxl >/dev/null || echo libjxl-tools
    command -v kubectl >/dev/null || echo kubernetes-client
    command -v exiftool >/dev/null || echo libimage-exiftool-perl
    command -v promtool >/dev/null || echo prometheus
    command -v debootstrap >/dev/null || echo debootstrap
    ;;
  *)
    echo "usage: $0 packages" >&2
    exit 1
    ;;
esac
