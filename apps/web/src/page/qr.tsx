// A code for a camera: drawn from a text, and read again from a picture or the camera of this machine.

import { useEffect, useRef, useState, type ReactNode } from 'react';
import { Button, FileTrigger } from 'react-aria-components';
import { encodeQR } from 'qr';
import { useSpeech } from './language.tsx';

/** A camera is asked about four times a second: a person does not hold it still for longer. */
const LOOK_MS = 250;
const SIDE_MAX = 1600;

/** Black on white in every theme: a camera needs the contrast. */
export function Code({ text, label }: { text: string; label: string }): ReactNode {
  const rows = encodeQR(text, 'raw', { ecc: 'low' });
  const side = rows.length;
  const path = rows
    .flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : [])))
    .join('');
  return (
    <svg className="code" viewBox={`0 0 ${side} ${side}`} role="img" aria-label={label}>
      <rect width={side} height={side} fill="#ffffff" />
      <path d={path} fill="#000000" shapeRendering="crispEdges" />
    </svg>
  );
}

type Picture = HTMLVideoElement | ImageBitmap;

async function readCode(picture: Picture): Promise<string | undefined> {
  const { default: decodeQR } = await import('qr/decode.js');
  const isVideo = picture instanceof HTMLVideoElement;
  const [wide, high] = isVideo
    ? [picture.videoWidth, picture.videoHeight]
    : [picture.width, picture.height];
  if (wide === 0 || high === 0) return undefined;
  const scale = Math.min(1, SIDE_MAX / Math.max(wide, high));
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(wide * scale);
  canvas.height = Math.round(high * scale);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (context === null) return undefined;
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  try {
    return decodeQR(context.getImageData(0, 0, canvas.width, canvas.height));
  } catch {
    // No code in sight: the library says so by throwing.
    return undefined;
  }
}

function Camera({ onText, onEnd }: { onText: (text: string) => void; onEnd: () => void }) {
  const { t } = useSpeech();
  const video = useRef<HTMLVideoElement>(null);
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    let stream: MediaStream | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let ended = false;
    const look = async (): Promise<void> => {
      const text = video.current === null ? undefined : await readCode(video.current);
      if (ended) return;
      if (text === undefined) timer = setTimeout(() => void look(), LOOK_MS);
      else onText(text);
    };
    const start = async (): Promise<void> => {
      stream = await navigator.mediaDevices.getUserMedia({ video: true });
      if (ended || video.current === null) return stopStream(stream);
      video.current.srcObject = stream;
      await video.current.play();
      await look();
    };
    start().catch(() => setFailed(true));
    return () => {
      ended = true;
      clearTimeout(timer);
      stopStream(stream);
    };
  }, [onText]);
  return (
    <div className="note">
      {failed ? (
        <p role="alert">{t('scan.noCamera')}</p>
      ) : (
        <video ref={video} className="camera" muted playsInline aria-label={t('scan.camera')} />
      )}
      <Button className="plain" onPress={onEnd}>
        {t('composer.stop')}
      </Button>
    </div>
  );
}

function stopStream(stream: MediaStream | undefined): void {
  for (const track of stream?.getTracks() ?? []) track.stop();
}

/** Offers the camera and a picture; calls back once with the text of the first code that is read. */
export function Scan({ onText }: { onText: (text: string) => void }): ReactNode {
  const { t } = useSpeech();
  const [looking, setLooking] = useState(false);
  const [nothing, setNothing] = useState(false);
  const fromFile = async (file: File): Promise<void> => {
    setNothing(false);
    const text = await createImageBitmap(file)
      .then(readCode)
      .catch(() => undefined);
    if (text === undefined) setNothing(true);
    else onText(text);
  };
  const fromItems = (files: FileList | undefined): void => {
    const file = [...(files ?? [])].find(({ type }) => type.startsWith('image/'));
    if (file !== undefined) void fromFile(file);
  };
  return (
    <div
      className="scan"
      onPaste={(event) => fromItems(event.clipboardData.files)}
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        fromItems(event.dataTransfer.files);
      }}
    >
      <Button className="plain" onPress={() => setLooking(true)}>
        {t('scan.camera')}
      </Button>{' '}
      <FileTrigger
        acceptedFileTypes={['image/*']}
        onSelect={(files) => {
          const file = files?.[0];
          if (file !== undefined) void fromFile(file);
        }}
      >
        <Button className="plain">{t('scan.picture')}</Button>
      </FileTrigger>
      <p className="quiet">{t('scan.paste')}</p>
      {nothing ? <p role="alert">{t('scan.nothing')}</p> : null}
      {looking ? (
        <Camera
          onText={(text) => {
            setLooking(false);
            onText(text);
          }}
          onEnd={() => setLooking(false)}
        />
      ) : null}
    </div>
  );
}
