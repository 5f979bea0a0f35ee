// Verify checks a log of the C2SP tlog-tiles layout with the Go project's own golang.org/x/mod/sumdb/note and
// golang.org/x/mod/sumdb/tlog, and shares no line with the programs that wrote it: a log that only its own
// verifier accepts has not been verified. From a folder or a URL and the log's vkey it checks the signature of
// the checkpoint, rebuilds the tree's root from the entry bundles alone, compares every entry with the leaf
// hash that the tiles give for it (the tiles themselves being authenticated up to the signed root), and, if
// asked, that a receipt proves its entry and that an older checkpoint is a prefix of this one. Exit status: 0
// everything held, 1 something did not, 2 it was called wrongly. It stands in the tests, and needs Debian's
// golang-go and golang-golang-x-mod-dev: GO111MODULE=off GOPATH=/usr/share/gocode go build -o verify source.go verify.go
package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"flag"
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// openCheckpoint checks the signature and reads the three lines under it.
func openCheckpoint(message []byte, key note.Verifier) (tlog.Tree, error) {
	opened, err := note.Open(message, note.VerifierList(key))
	if err != nil {
		return tlog.Tree{}, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[3] != "" {
		return tlog.Tree{}, errors.New("a checkpoint has three lines")
	}
	if lines[0] != key.Name() {
		return tlog.Tree{}, fmt.Errorf("the checkpoint is of %q, not of %q", lines[0], key.Name())
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || size < 0 || lines[1] != strconv.FormatInt(size, 10) {
		return tlog.Tree{}, fmt.Errorf("tree size %q", lines[1])
	}
	root, err := tlog.ParseHash(lines[2])
	if err != nil {
		return tlog.Tree{}, err
	}
	if size == 0 && root != tlog.Hash(sha256.Sum256(nil)) {
		return tlog.Tree{}, errors.New("an empty tree with a root of something")
	}
	return tlog.Tree{N: size, Hash: root}, nil
}

// readBundle reads the bundle of entries n*256 and on, in a tree of that size.
func readBundle(from source, n, size int64) ([][]byte, error) {
	width := size - n*tileWidth
	if width > tileWidth {
		width = tileWidth
	}
	path := tilePath(tlog.Tile{H: tileHeight, L: bundleLevel, N: n, W: int(width)})
	data, err := from.read(path)
	if err != nil {
		return nil, err
	}
	var entries [][]byte
	for len(data) > 0 {
		if len(data) < 2 || len(data)-2 < int(binary.BigEndian.Uint16(data)) {
			return nil, fmt.Errorf("%s: ends inside entry %d", path, len(entries))
		}
		end := 2 + int(binary.BigEndian.Uint16(data))
		entries = append(entries, data[2:end])
		data = data[end:]
	}
	if int64(len(entries)) != width {
		return nil, fmt.Errorf("%s: %d entries, not %d", path, len(entries), width)
	}
	return entries, nil
}

// checkEntries reads every bundle once, and compares each entry with the tiles and all of them with the root.
func checkEntries(from source, tree tlog.Tree, leaves tlog.HashReader) error {
	var stored []tlog.Hash
	own := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		hashes := make([]tlog.Hash, len(indexes))
		for i, index := range indexes {
			hashes[i] = stored[index]
		}
		return hashes, nil
	})
	for n := int64(0); n*tileWidth < tree.N; n++ {
		entries, err := readBundle(from, n, tree.N)
		if err != nil {
			return err
		}
		indexes := make([]int64, len(entries))
		for i := range entries {
			indexes[i] = tlog.StoredHashIndex(0, n*tileWidth+int64(i))
		}
		fromTiles, err := leaves.ReadHashes(indexes)
		if err != nil {
			return fmt.Errorf("the tiles of entries from %d: %w", n*tileWidth, err)
		}
		for i, entry := range entries {
			index := n*tileWidth + int64(i)
			hash := tlog.RecordHash(entry)
			if hash != fromTiles[i] {
				return fmt.Errorf("entry %d does not hash to its leaf", index)
			}
			hashes, err := tlog.StoredHashesForRecordHash(index, hash, own)
			if err != nil {
				return err
			}
			stored = append(stored, hashes...)
		}
	}
	if tree.N == 0 {
		return nil
	}
	root, err := tlog.TreeHash(tree.N, own)
	if err == nil && root != tree.Hash {
		err = errors.New("the entries do not make the signed root")
	}
	return err
}

// checkConsistency proves from the tiles that the old tree is a prefix of the new one.
func checkConsistency(old, tree tlog.Tree, leaves tlog.HashReader) error {
	if old.N > tree.N {
		return fmt.Errorf("the log has %d entries and once had %d", tree.N, old.N)
	}
	if old.N == 0 {
		return nil
	}
	proof, err := tlog.ProveTree(tree.N, old.N, leaves)
	if err != nil {
		return err
	}
	if err := tlog.CheckTree(proof, tree.N, tree.Hash, old.N, old.Hash); err != nil {
		return fmt.Errorf("the tree of %d entries is not a prefix of the tree of %d: %w", old.N, tree.N, err)
	}
	return nil
}

type receipt struct {
	index      int64
	path       tlog.RecordProof
	checkpoint []byte
}

// parseReceipt reads a C2SP tlog-proof.
func parseReceipt(text []byte) (receipt, error) {
	var r receipt
	head, checkpoint, found := bytes.Cut(text, []byte("\n\n"))
	lines := strings.Split(string(head), "\n")
	if !found || lines[0] != "c2sp.org/tlog-proof@v1" {
		return r, errors.New("not a tlog-proof of version 1")
	}
	lines = lines[1:]
	if len(lines) > 0 && strings.HasPrefix(lines[0], "extra ") {
		if _, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(lines[0], "extra ")); err != nil {
			return r, err
		}
		lines = lines[1:]
	}
	if len(lines) == 0 || !strings.HasPrefix(lines[0], "index ") {
		return r, errors.New("a tlog-proof names an index")
	}
	index, err := strconv.ParseInt(strings.TrimPrefix(lines[0], "index "), 10, 64)
	if err != nil || lines[0] != fmt.Sprintf("index %d", index) {
		return r, fmt.Errorf("index line %q", lines[0])
	}
	for _, line := range lines[1:] {
		hash, err := tlog.ParseHash(line)
		if err != nil {
			return r, err
		}
		r.path = append(r.path, hash)
	}
	r.index, r.checkpoint = index, checkpoint
	return r, nil
}

// checkReceipt checks that the receipt proves the entry, and answers with the tree that it proves it in.
func checkReceipt(receiptFile, entryFile string, key note.Verifier) (int64, tlog.Tree, error) {
	text, err := os.ReadFile(receiptFile)
	if err != nil {
		return 0, tlog.Tree{}, err
	}
	entry, err := os.ReadFile(entryFile)
	if err != nil {
		return 0, tlog.Tree{}, err
	}
	r, err := parseReceipt(text)
	if err != nil {
		return 0, tlog.Tree{}, err
	}
	tree, err := openCheckpoint(r.checkpoint, key)
	if err != nil {
		return 0, tlog.Tree{}, err
	}
	if r.index < 0 || r.index >= tree.N {
		return 0, tlog.Tree{}, fmt.Errorf("entry %d of a tree of %d", r.index, tree.N)
	}
	return r.index, tree, tlog.CheckRecord(r.path, tree.N, tree.Hash, r.index, tlog.RecordHash(entry))
}

type options struct {
	log, key, ca, token, receipt, entry, old string
}

func run(o options, key note.Verifier) error {
	from, err := openSource(o.log, o.ca, o.token)
	if err != nil {
		return err
	}
	message, err := from.read("checkpoint")
	if err != nil {
		return err
	}
	tree, err := openCheckpoint(message, key)
	if err != nil {
		return fmt.Errorf("checkpoint: %w", err)
	}
	fmt.Printf("checkpoint: %d entries, root %s, signed by %s\n", tree.N, tree.Hash, key.Name())
	leaves := tlog.TileHashReader(tree, &tiles{from, map[tlog.Tile][]byte{}})
	if err := checkEntries(from, tree, leaves); err != nil {
		return err
	}
	fmt.Printf("entries: all %d hash to their leaves, and together to the signed root\n", tree.N)
	if o.old != "" {
		message, err := os.ReadFile(o.old)
		if err != nil {
			return err
		}
		old, err := openCheckpoint(message, key)
		if err != nil {
			return fmt.Errorf("old checkpoint: %w", err)
		}
		if err := checkConsistency(old, tree, leaves); err != nil {
			return fmt.Errorf("consistency: %w", err)
		}
		fmt.Printf("consistency: the %d entries of the old checkpoint are still the first\n", old.N)
	}
	if o.receipt != "" {
		index, proven, err := checkReceipt(o.receipt, o.entry, key)
		if err != nil {
			return fmt.Errorf("receipt: %w", err)
		}
		if err := checkConsistency(proven, tree, leaves); err != nil {
			return fmt.Errorf("receipt: %w", err)
		}
		fmt.Printf("receipt: proves entry %d in the tree of %d, and that tree is a prefix of the log\n", index, proven.N)
	}
	return nil
}

func main() {
	var o options
	flag.StringVar(&o.log, "log", "", "the log: a folder or a URL prefix")
	flag.StringVar(&o.key, "key", "", "the log's vkey, or a file that holds it")
	flag.StringVar(&o.ca, "ca", "", "PEM file of the authority to trust for https")
	flag.StringVar(&o.token, "token", "", "file with the bearer token for the entry bundles")
	flag.StringVar(&o.receipt, "receipt", "", "a receipt to check, a .tlog-proof file; wants -entry")
	flag.StringVar(&o.entry, "entry", "", "the file of the entry that the receipt is for")
	flag.StringVar(&o.old, "old", "", "an older checkpoint that must be a prefix of the log")
	flag.Parse()
	if o.log == "" || o.key == "" || flag.NArg() != 0 || (o.receipt == "") != (o.entry == "") {
		flag.Usage()
		os.Exit(2)
	}
	if text, err := os.ReadFile(o.key); err == nil {
		o.key = strings.TrimSpace(string(text))
	}
	key, err := note.NewVerifier(o.key)
	if err != nil {
		fmt.Fprintln(os.Stderr, "verify: -key:", err)
		os.Exit(2)
	}
	if err := run(o, key); err != nil {
		fmt.Fprintln(os.Stderr, "verify: refused:", err)
		os.Exit(1)
	}
	fmt.Println("the log is sound")
}
