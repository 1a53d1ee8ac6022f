import { Modal, Stack } from '@mantine/core';
import type { ReactNode } from 'react';

/** A dialog; its styles stand in our own sheets, so scrolling is not locked by one that is made on the way. */
export function Dialog({ title, opened, close, children }: { title: string; opened: boolean; close: () => void; children: ReactNode }) {
  return (
    <Modal opened={opened} onClose={close} title={title} lockScroll={false} transitionProps={{ duration: 0 }} closeButtonProps={{ 'aria-label': 'Close' }}>
      <Stack>{children}</Stack>
    </Modal>
  );
}
