// Where a log is read from, and x/mod's reader of tiles over it.
package main

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/tlog"
)

const (
	tileHeight   = 8
	tileWidth    = 1 << tileHeight
	bundleLevel  = -1                 // x/mod's level of tiles that hold data rather than hashes
	maxFileBytes = tileWidth * 65_537 // the largest bundle
)

// A source reads the log's files by their path below its prefix.
type source interface {
	read(path string) ([]byte, error)
}

type folder string

func (f folder) read(path string) ([]byte, error) {
	return os.ReadFile(filepath.Join(string(f), filepath.FromSlash(path)))
}

type server struct {
	prefix string
	token  string
	client *http.Client
}

func (s *server) read(path string) ([]byte, error) {
	request, err := http.NewRequest("GET", s.prefix+"/"+path, nil)
	if err != nil {
		return nil, err
	}
	if s.token != "" {
		request.Header.Set("Authorization", "Bearer "+s.token)
	}
	response, err := s.client.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s: %s", path, response.Status)
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, maxFileBytes+1))
	if err == nil && len(body) > maxFileBytes {
		err = fmt.Errorf("%s: too large", path)
	}
	return body, err
}

func openSource(log, caFile, tokenFile string) (source, error) {
	if !strings.HasPrefix(log, "http://") && !strings.HasPrefix(log, "https://") {
		return folder(log), nil
	}
	s := &server{prefix: strings.TrimSuffix(log, "/"), client: &http.Client{Timeout: time.Minute}}
	if tokenFile != "" {
		token, err := os.ReadFile(tokenFile)
		if err != nil {
			return nil, err
		}
		s.token = strings.TrimSpace(string(token))
	}
	if caFile != "" {
		pem, err := os.ReadFile(caFile)
		if err != nil {
			return nil, err
		}
		roots := x509.NewCertPool()
		if !roots.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("%s: no certificate", caFile)
		}
		s.client.Transport = &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}}
	}
	return s, nil
}

// tilePath spells x/mod's tile/8/<L>/<N> as C2SP's tile/<L>/<N>, and tile/8/data/<N> as tile/entries/<N>.
func tilePath(tile tlog.Tile) string {
	path := strings.TrimPrefix(tile.Path(), fmt.Sprintf("tile/%d/", tileHeight))
	return "tile/" + strings.Replace(path, "data/", "entries/", 1)
}

// tiles is x/mod's tlog.TileReader over a source; what x/mod has confirmed is kept.
type tiles struct {
	source source
	saved  map[tlog.Tile][]byte
}

func (t *tiles) Height() int { return tileHeight }

func (t *tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	all := make([][]byte, len(wanted))
	for i, tile := range wanted {
		data, ok := t.saved[tile]
		if !ok {
			var err error
			if data, err = t.source.read(tilePath(tile)); err != nil {
				return nil, err
			}
			if len(data) != tile.W*tlog.HashSize {
				return nil, fmt.Errorf("%s: %d bytes, not %d", tilePath(tile), len(data), tile.W*tlog.HashSize)
			}
		}
		all[i] = data
	}
	return all, nil
}

func (t *tiles) SaveTiles(confirmed []tlog.Tile, data [][]byte) {
	for i, tile := range confirmed {
		t.saved[tile] = data[i]
	}
}
