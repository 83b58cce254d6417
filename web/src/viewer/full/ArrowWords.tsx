import { Button, Modal, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useWords } from '@/lib/i18n';

/** Asks what an arrow points at. */
export function ArrowWords({ now, onAnswer }: { now: string; onAnswer: (text: string) => void }) {
  const t = useWords();
  const [text, setText] = useState(now);
  return (
    <Modal opened onClose={() => onAnswer('')} title={t('measure.arrow.title')} closeButtonProps={{ 'aria-label': t('keys.close') }}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onAnswer(text.trim());
        }}
      >
        <TextInput data-autofocus value={text} label={t('measure.arrow.label')} onChange={(event) => setText(event.currentTarget.value)} />
        <Button type="submit" mt="md" disabled={!text.trim()}>
          {t('measure.arrow.done')}
        </Button>
      </form>
    </Modal>
  );
}
